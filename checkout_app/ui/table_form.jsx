import { createElement, useState } from "react";
import { ledAway } from "./way_in.js";

const LONGEST_WAIT = 120_000; // milliseconds; thousands of rows over a bad line
const KINDS = ".csv,.tsv,.txt,text/csv,text/tab-separated-values";
const LONGEST = 60; // characters of a cell
const MOST = 100; // of each list: who has more looks into the file
const UNSENT = "The shop did not answer. Nothing was done that was not done as a whole; choose the file again in a moment.";

/** @typedef {{ column: string, was: string, becomes: string }} Difference */
/** @typedef {{ row: number, name: string, is_new: boolean, differences: Difference[] }} Change */
/** @typedef {{ row: number, column: string, sentence: string }} Problem */
/**
 * @typedef {{
 *   applied: boolean, digest: string, new: number, changed: number, unchanged: number, changes: Change[], problems: Problem[],
 * }} Answer
 */
/** @typedef {{ name: string, content: ArrayBuffer }} Chosen */

/**
 * A table of products that is chosen and sent to `action`, which says what it would change and what is wrong with it; a
 * button then does it. `list` is the page on which all products are.
 * @param {{ action: string, list: string }} props
 */
export function TableForm({ action, list }) {
  const [file, setFile] = useState(/** @type {Chosen | null} */ (null));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const [said, setSaid] = useState("");
  const [waits, setWaits] = useState(false);

  /** @type {(chosen: Chosen, digest: string, words: string) => Promise<void>} */
  const send = async (chosen, digest, words) => {
    setWaits(true);
    setSaid(words);
    const { answer: found, detail = "" } = await answerTo(`${action}?digest=${digest}`, chosen.content);
    setAnswer(found ?? null);
    setSaid(found ? inWords(found) : detail);
    setWaits(false);
  };
  /** @type {import("react").ChangeEventHandler<HTMLInputElement>} */
  const chosen = async ({ currentTarget: input }) => {
    const [first] = input.files ?? [];
    if (!first) return;
    const read = { name: first.name, content: await first.arrayBuffer() };
    input.value = ""; // so that the same can be chosen again, once it is mended
    setFile(read);
    setAnswer(null);
    await send(read, "", `Looking at ${read.name}.`);
  };
  const apply = () => file && answer && send(file, answer.digest, "Doing it. This takes a moment.");
  const offered = answer && !answer.applied && answer.problems.length === 0 && answer.changes.length > 0 ? answer : null;

  return createElement(
    "div",
    { className: "table-form" },
    createElement(
      "label",
      { className: "button button-quiet" },
      file ? "Choose another file" : "Choose a file",
      createElement("input", { type: "file", accept: KINDS, className: "visually-hidden", onChange: chosen, disabled: waits }),
    ),
    createElement("p", { role: "status", "aria-busy": waits }, said),
    answer && answer.problems.length > 0 && problemsOf(answer.problems),
    offered &&
      createElement(
        "div",
        { className: "stack" },
        createElement("button", { type: "button", className: "button button-primary", onClick: apply, disabled: waits }, deed(offered)),
        createElement("p", { className: "muted small" }, consequence(offered.changes)),
      ),
    answer?.applied && createElement("a", { className: "link", href: list }, "To the products"),
    offered && changesOf(offered.changes),
  );
}

/** @param {Problem[]} problems */
function problemsOf(problems) {
  const rows = problems.slice(0, MOST).map(({ row, column, sentence }) =>
    createElement("li", { key: `${row} ${column} ${sentence}` }, createElement("strong", null, `Row ${row}, ${column}: `), sentence),
  );
  return listOf("What is wrong", rows, problems.length);
}

/** @param {Change[]} changes */
function changesOf(changes) {
  const rows = changes.slice(0, MOST).map((change) =>
    createElement(
      "li",
      { key: change.row },
      createElement("strong", null, change.name, change.is_new && " is new"),
      createElement("span", { className: "muted small" }, ` row ${change.row}`),
      createElement(
        "ul",
        null,
        change.differences.map(({ column, was, becomes }) =>
          createElement(
            "li",
            { key: column },
            createElement("span", { className: "muted" }, `${column} `),
            !change.is_new && createElement("del", null, cut(was)),
            !change.is_new && " → ",
            createElement("ins", null, cut(becomes)),
          ),
        ),
      ),
    ),
  );
  return listOf("What changes", rows, changes.length);
}

/**
 * @param {string} title
 * @param {import("react").ReactNode[]} rows
 * @param {number} all
 */
function listOf(title, rows, all) {
  return createElement(
    "section",
    { className: "stack" },
    createElement("h2", null, title),
    createElement("ul", { className: "table-rows" }, rows),
    all > rows.length && createElement("p", { className: "muted" }, `And ${all - rows.length} more.`),
  );
}

/**
 * Say what was found, or what was done.
 * @param {Answer} answer
 */
function inWords({ applied, changed, new: added, unchanged, changes, problems }) {
  if (problems.length > 0) {
    const things = problems.length === 1 ? "One thing is wrong" : `${problems.length} things are wrong`;
    return `${things}, so nothing can be done yet. Mend the file and choose it again.`;
  }
  if (changes.length === 0) return "All of it is so already: there is nothing to do.";
  if (applied) return `Done: ${products(changed)} changed, ${added} added.`;
  return `To change: ${products(changed)}. To add: ${added}. As they are: ${unchanged}. Nothing is done yet.`;
}

/**
 * Say what the button does.
 * @param {Answer} answer
 */
function deed({ new: added, changed }) {
  if (changed === 0) return `Add ${products(added)}`;
  return added === 0 ? `Change ${products(changed)}` : `Change ${products(changed)}, add ${added}`;
}

/**
 * Say what comes of it.
 * @param {Change[]} changes
 */
function consequence(changes) {
  const counted = changes.filter((change) => !change.is_new && change.differences.some(({ column }) => column === "stock"));
  const rows = counted.length === 1 ? "1 row" : `${counted.length} rows`;
  const stock = `The stock of ${rows} becomes what the file says, whatever was sold since it was written. `;
  return `${counted.length > 0 ? stock : ""}Buyers see it at once. Orders that exist stay as they are.`;
}

/**
 * Write what a cell says, as much of it as has room.
 * @param {string} text
 */
function cut(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text || "nothing";
}

/** @param {number} count */
function products(count) {
  return count === 1 ? "1 product" : `${count} products`;
}

/**
 * Send a table, and return what was answered, or why it was refused.
 * @param {string} action
 * @param {ArrayBuffer} content
 * @returns {Promise<{ answer?: Answer, detail?: string }>}
 */
async function answerTo(action, content) {
  try {
    const headers = { "content-type": "text/csv" };
    const signal = AbortSignal.timeout(LONGEST_WAIT);
    const answer = await fetch(action, { method: "POST", headers, body: content, signal });
    const said = await answer.json();
    if (answer.ok) return { answer: said };
    return { detail: ledAway(answer.status, said.code) || said.detail };
  } catch {
    return { detail: UNSENT };
  }
}

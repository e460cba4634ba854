// Renders the shop's public pages, one after the other: a line of JSON in is a page's URL and what it shows, a line out
// is its HTML, or what went wrong. It ends as soon as its input does, however whoever asks comes to an end.
import { createInterface } from "node:readline";
import { createRequestHandler } from "react-router";
import * as build from "./index.js"; // what Reflex's build leaves, beside which this is put

const HEADERS = { "user-agent": "Googlebot" }; // who gets the whole page at once, and no scripts that put it together

console.log = console.error; // what a page says may not stand between the lines
// By itself it would only render what was rendered at the build, which is no page with a slug.
const answer = createRequestHandler({ ...build, prerender: { length: 1, some: () => true } }, "production");

/** @param {{ url: string, data: object }} asked */
async function render({ url, data }) {
  globalThis.pageData = data;
  try {
    const page = await answer(new Request(`http://shop${url}`, { headers: HEADERS }));
    return { html: await page.text() };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}

/** @param {object} line */
function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

process.stdin.on("end", () => process.exit());
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) say(await render(JSON.parse(line)));

import { createElement, useState } from "react";
import { sendFile } from "./send_file.js";

const LONGEST_WAIT = 60_000; // milliseconds; a photograph over a bad line
const KINDS = "image/jpeg,image/png,image/webp";
const SMALL = 1_000_000; // bytes that are sent as they are
const LONGEST_SIDE = 2_560; // pixels, twice what is shown
const QUALITY = 0.9;

/** @typedef {{ id: string, alt: string }} Picture */

/**
 * Pictures of something, as JSON in a field: taken by the camera or chosen, sent at once to `action`, shown in `folder`
 * as the API made them, and each with a field for what it shows. The first stands for all.
 * @param {{ name: string, action: string, folder: string, pictures: Picture[], most: number }} props
 */
export function PictureField({ name, action, folder, pictures, most }) {
  const [shown, setShown] = useState(pictures);
  const [said, setSaid] = useState("");
  const [waits, setWaits] = useState(false);

  /** @type {import("react").ChangeEventHandler<HTMLInputElement>} */
  const chosen = async ({ currentTarget: input }) => {
    const files = [...(input.files ?? [])];
    input.value = ""; // so that the same can be chosen again
    setWaits(true);
    setSaid("Sending it.");
    let words = "";
    for (const file of files) {
      const { id, detail = "" } = await sendFile(action, await lighter(file), LONGEST_WAIT);
      if (id) setShown((before) => [...before.filter((each) => each.id !== id), { id, alt: "" }].slice(0, most));
      else words = detail;
    }
    setSaid(words);
    setWaits(false);
  };
  /** @type {(id: string, alt: string) => void} */
  const describe = (id, alt) => setShown(shown.map((each) => (each.id === id ? { id, alt } : each)));
  /** @type {(id: string) => void} */
  const remove = (id) => setShown(shown.filter((each) => each.id !== id));
  /** @type {(picture: Picture) => void} */
  const putFirst = (picture) => setShown([picture, ...shown.filter((each) => each !== picture)]);

  return createElement(
    "fieldset",
    { className: "pictures" },
    createElement("legend", { className: "field-label" }, "Pictures"),
    createElement(
      "ul",
      null,
      shown.map((picture, place) =>
        createElement(
          "li",
          { key: picture.id },
          createElement("img", { src: `${folder}/${picture.id}-320.webp`, alt: picture.alt, width: 96, height: 120 }),
          createElement(
            "div",
            { className: "field" },
            createElement("label", { className: "field-label", htmlFor: `alt-${picture.id}` }, "What it shows"),
            createElement("input", {
              id: `alt-${picture.id}`,
              className: "field-input",
              maxLength: 300,
              placeholder: "For who can't see it",
              value: picture.alt,
              onChange: ({ currentTarget }) => describe(picture.id, currentTarget.value),
            }),
            createElement(
              "p",
              { className: "pictures-ways" },
              button("Remove", () => remove(picture.id)),
              place > 0 && button("Put it first", () => putFirst(picture)),
            ),
          ),
        ),
      ),
    ),
    shown.length < most &&
      createElement(
        "div",
        { className: "row" },
        choice("Take a photograph", { capture: "environment", onChange: chosen, disabled: waits }),
        choice("Choose pictures", { multiple: true, onChange: chosen, disabled: waits }),
      ),
    createElement("p", { role: "status", className: "small" }, said),
    createElement("input", {
      type: "hidden",
      name,
      value: JSON.stringify(shown),
      readOnly: true,
      "data-json": "",
      "data-before": JSON.stringify(pictures),
      "data-waits": waits ? "The picture is still on its way. Try again in a moment." : undefined,
    }),
  );
}

/**
 * @param {string} words
 * @param {() => void} act
 */
function button(words, act) {
  return createElement("button", { type: "button", className: "link", onClick: act }, words);
}

/**
 * @param {string} words
 * @param {import("react").InputHTMLAttributes<HTMLInputElement>} props
 */
function choice(words, props) {
  const input = createElement("input", { type: "file", accept: KINDS, className: "visually-hidden", ...props });
  return createElement("label", { className: "button button-quiet" }, words, input);
}

/**
 * Return a photograph no larger than it has to be to come through over a bad line; itself where the browser can't.
 * @param {File} file
 * @returns {Promise<Blob>}
 */
async function lighter(file) {
  if (file.size <= SMALL) return file;
  try {
    const picture = await createImageBitmap(file); // upright
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    const ground = canvas.getContext("2d");
    if (!ground) return file;
    ground.fillStyle = "white"; // what is clear would be black
    ground.fillRect(0, 0, canvas.width, canvas.height);
    ground.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  } catch {
    return file;
  }
}

import { createElement, useEffect, useState } from "react";

/**
 * A box that ticks all boxes of a name in its form, or none; it is there as soon as a script runs that can do it.
 * @param {{ name: string, label: string }} props
 */
export function ChooseAll({ name, label }) {
  const [runs, setRuns] = useState(false);
  useEffect(() => setRuns(true), []);
  /** @param {import("react").ChangeEvent<HTMLInputElement>} event */
  const choose = ({ currentTarget: all }) => {
    for (const each of all.form?.elements ?? []) {
      if (each instanceof HTMLInputElement && each.name === name) each.checked = all.checked;
    }
  };
  const box = createElement("input", { type: "checkbox", onChange: choose });
  return runs && createElement("label", { className: "office-tick" }, box, createElement("span", {}, label));
}

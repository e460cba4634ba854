// Line icons on a 24-unit grid, drawn for this sheet.
import { svg } from "./dom.js";

const LINE = {
  fill: "none",
  stroke: "currentColor",
  "stroke-width": "1.7",
  "stroke-linecap": "round",
  "stroke-linejoin": "round",
};

const SHAPES = {
  card: [
    "M3 7.5A2.5 2.5 0 0 1 5.5 5h13A2.5 2.5 0 0 1 21 7.5v9a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16.5z",
    "M3 9.5h18",
    "M7 15h3",
  ],
  upi: ["M8 4 13.5 12 8 20", "M13.5 4 19 12l-5.5 8", "M5 12h2"],
  netbanking: ["M4 9.5 12 4.5l8 5z", "M6 9.5V17M10 9.5V17M14 9.5V17M18 9.5V17", "M4 19.5h16"],
  wallet: ["M4 8a2.5 2.5 0 0 1 2.5-2.5H17V8", "M4 8v9a2.5 2.5 0 0 0 2.5 2.5H20V8z", "M16 13.7h.01"],
  back: ["M14.5 5.5 8 12l6.5 6.5"],
  close: ["M6 6l12 12M18 6 6 18"],
  next: ["M9.5 5.5 16 12l-6.5 6.5"],
  lock: ["M6.5 11h11v8.5h-11z", "M8.8 11V8.2a3.2 3.2 0 0 1 6.4 0V11"],
  alert: ["M12 4.5 21 19.5H3z", "M12 10.5v4M12 17h.01"],
  phone: ["M7.5 3.5h9v17h-9z", "M11 17.5h2"],
  window: ["M4 5.5h16v13H4z", "M4 9.5h16"],
  search: ["M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z", "M15.5 15.5 20 20"],
};

export function icon(name) {
  return svg(
    "0 0 24 24",
    SHAPES[name].map((d) => ["path", { d, ...LINE }]),
    { class: `icon icon-${name}` },
  );
}

/** The tick that draws itself once when a payment went through. */
export function tick() {
  const ring = [
    "circle",
    { cx: "32", cy: "32", r: "29", ...LINE, "stroke-width": "3", class: "tick-ring", pathLength: "1" },
  ];
  const mark = [
    "path",
    { d: "M20 33.5 28.5 42 45 24", ...LINE, "stroke-width": "4", class: "tick-mark", pathLength: "1" },
  ];
  return svg("0 0 64 64", [ring, mark], { class: "tick" });
}

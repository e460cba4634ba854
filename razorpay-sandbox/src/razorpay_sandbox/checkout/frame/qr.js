// A QR code encoder: bytes, error correction M, versions 1 to 13 (up to 331 bytes), enough for any UPI link.
import { codewords } from "./qrcodewords.js";

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function emptyGrid(size) {
  return Array.from({ length: size }, () => new Array(size).fill(false));
}

function alignmentPlaces(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = version * 4 + 10;
  const step = Math.ceil((last - 6) / (count - 1) / 2) * 2;
  const places = [6];
  for (let place = last; places.length < count; place -= step) places.splice(1, 0, place);
  return places;
}

function createCanvas(version) {
  const size = version * 4 + 17;
  const dark = emptyGrid(size);
  const fixed = emptyGrid(size);
  function set(x, y, isDark) {
    dark[y][x] = isDark;
    fixed[y][x] = true;
  }
  return { size, dark, fixed, set };
}

function drawFinder({ size, set }, centreX, centreY) {
  for (let dy = -4; dy <= 4; dy += 1) {
    for (let dx = -4; dx <= 4; dx += 1) {
      const [x, y] = [centreX + dx, centreY + dy];
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      if (x >= 0 && x < size && y >= 0 && y < size) set(x, y, ring !== 2 && ring !== 4);
    }
  }
}

function drawAlignment({ set }, centreX, centreY) {
  for (let dy = -2; dy <= 2; dy += 1) {
    for (let dx = -2; dx <= 2; dx += 1) set(centreX + dx, centreY + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }
}

function remainder(value, generator, steps) {
  let rest = value;
  for (let step = 0; step < steps; step += 1) rest = (rest << 1) ^ ((rest >>> (steps - 1)) * generator);
  return rest;
}

function drawFormat({ size, set }, mask) {
  const LEVEL_M = 0;
  const data = (LEVEL_M << 3) | mask;
  const bits = ((data << 10) | remainder(data, 0x537, 10)) ^ 0x5412;
  const bit = (place) => ((bits >>> place) & 1) === 1;
  for (let place = 0; place <= 5; place += 1) set(8, place, bit(place));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let place = 9; place < 15; place += 1) set(14 - place, 8, bit(place));
  for (let place = 0; place < 8; place += 1) set(size - 1 - place, 8, bit(place));
  for (let place = 8; place < 15; place += 1) set(8, size - 15 + place, bit(place));
  set(8, size - 8, true);
}

function drawVersion({ size, set }, version) {
  if (version < 7) return;
  const bits = (version << 12) | remainder(version, 0x1f25, 12);
  for (let place = 0; place < 18; place += 1) {
    const isDark = ((bits >>> place) & 1) === 1;
    const [near, far] = [Math.floor(place / 3), size - 11 + (place % 3)];
    set(far, near, isDark);
    set(near, far, isDark);
  }
}

function drawPatterns(canvas, version) {
  const { size, set } = canvas;
  for (let place = 0; place < size; place += 1) {
    set(6, place, place % 2 === 0);
    set(place, 6, place % 2 === 0);
  }
  drawFinder(canvas, 3, 3);
  drawFinder(canvas, size - 4, 3);
  drawFinder(canvas, 3, size - 4);
  const places = alignmentPlaces(version);
  const last = places.length - 1;
  places.forEach((x, column) => {
    places.forEach((y, row) => {
      const onFinder = (column === 0 && row === 0) || (column === 0 && row === last) || (column === last && row === 0);
      if (!onFinder) drawAlignment(canvas, x, y);
    });
  });
  drawFormat(canvas, 0);
  drawVersion(canvas, version);
}

function drawData({ size, dark, fixed }, bytes) {
  let place = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const upward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y][x] || place >= bytes.length * 8) continue;
        dark[y][x] = ((bytes[place >>> 3] >>> (7 - (place & 7))) & 1) === 1;
        place += 1;
      }
    }
  }
}

function masked({ size, dark, fixed }, mask) {
  return dark.map((row, y) => row.map((isDark, x) => (fixed[y][x] ? isDark : isDark !== MASKS[mask](x, y))));
}

function runPenalty(lineOfModules) {
  let penalty = 0;
  let run = 1;
  for (let place = 1; place <= lineOfModules.length; place += 1) {
    if (place < lineOfModules.length && lineOfModules[place] === lineOfModules[place - 1]) {
      run += 1;
    } else {
      if (run >= 5) penalty += run - 2;
      run = 1;
    }
  }
  return penalty;
}

function penaltyOf(grid) {
  let penalty = 0;
  let darkCount = 0;
  for (let y = 0; y < grid.length; y += 1) {
    penalty += runPenalty(grid[y]) + runPenalty(grid.map((row) => row[y]));
    for (let x = 0; x < grid.length; x += 1) {
      darkCount += grid[y][x] ? 1 : 0;
      const inSquare = y + 1 < grid.length && x + 1 < grid.length;
      const same =
        inSquare && [grid[y][x + 1], grid[y + 1][x], grid[y + 1][x + 1]].every((other) => other === grid[y][x]);
      if (same) penalty += 3;
    }
  }
  return penalty + Math.floor(Math.abs((darkCount * 20) / grid.length ** 2 - 10)) * 10;
}

/** The modules of the QR code for a text: rows of booleans, true = dark, without the quiet zone. */
export function qrModules(text) {
  const { version, bytes } = codewords(new TextEncoder().encode(text));
  const canvas = createCanvas(version);
  drawPatterns(canvas, version);
  drawData(canvas, bytes);
  let best = null;
  for (let mask = 0; mask < MASKS.length; mask += 1) {
    drawFormat(canvas, mask);
    const grid = masked(canvas, mask);
    const penalty = penaltyOf(grid);
    if (!best || penalty < best.penalty) best = { grid, penalty };
  }
  return best.grid;
}

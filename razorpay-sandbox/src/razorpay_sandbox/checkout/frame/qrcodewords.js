// The bytes of a QR code: length header, padding and Reed-Solomon correction at level M, block after block.

// Per version from 1: correction bytes of a block, number of blocks, bytes in all.
const VERSIONS = [
  [10, 1, 26],
  [16, 1, 44],
  [26, 1, 70],
  [18, 2, 100],
  [24, 2, 134],
  [16, 4, 172],
  [18, 4, 196],
  [22, 4, 242],
  [22, 5, 292],
  [26, 5, 346],
  [30, 5, 404],
  [22, 8, 466],
  [22, 9, 532],
];
const BYTE_MODE = 4;
const PADDING = [0xec, 0x11];

function multiply(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

function generatorOf(degree) {
  const generator = new Array(degree).fill(0);
  generator[degree - 1] = 1;
  let root = 1;
  for (let round = 0; round < degree; round += 1) {
    for (let place = 0; place < degree; place += 1) {
      generator[place] = multiply(generator[place], root) ^ (place + 1 < degree ? generator[place + 1] : 0);
    }
    root = multiply(root, 2);
  }
  return generator;
}

function correctionOf(data, generator) {
  const rest = new Array(generator.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    generator.forEach((coefficient, place) => {
      rest[place] ^= multiply(coefficient, factor);
    });
  }
  return rest;
}

function packed(content, capacity, lengthBits) {
  const bits = [];
  const push = (value, count) => {
    for (let place = count - 1; place >= 0; place -= 1) bits.push((value >>> place) & 1);
  };
  push(BYTE_MODE, 4);
  push(content.length, lengthBits);
  for (const byte of content) push(byte, 8);
  push(0, Math.min(4, capacity * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const bytes = [];
  for (let place = 0; place < bits.length; place += 8) bytes.push(parseInt(bits.slice(place, place + 8).join(""), 2));
  for (let pad = 0; bytes.length < capacity; pad += 1) bytes.push(PADDING[pad % 2]);
  return bytes;
}

function interleave(rows) {
  const longest = Math.max(...rows.map((row) => row.length));
  const mixed = [];
  for (let place = 0; place < longest; place += 1) {
    for (const row of rows) if (place < row.length) mixed.push(row[place]);
  }
  return mixed;
}

/** The smallest version that holds the content, and its data and correction bytes in drawing order. */
export function codewords(content) {
  for (const [index, [correction, blocks, total]] of VERSIONS.entries()) {
    const version = index + 1;
    const capacity = total - correction * blocks;
    const lengthBits = version < 10 ? 8 : 16;
    if (4 + lengthBits + content.length * 8 > capacity * 8) continue;
    const data = packed(content, capacity, lengthBits);
    const shortLength = Math.floor(capacity / blocks);
    const shortBlocks = blocks - (capacity % blocks);
    const generator = generatorOf(correction);
    const dataRows = [];
    for (let block = 0, start = 0; block < blocks; block += 1) {
      const length = shortLength + (block < shortBlocks ? 0 : 1);
      dataRows.push(data.slice(start, start + length));
      start += length;
    }
    const correctionRows = dataRows.map((row) => correctionOf(row, generator));
    return { version, bytes: [...interleave(dataRows), ...interleave(correctionRows)] };
  }
  throw new RangeError("The text is too long for a QR code.");
}

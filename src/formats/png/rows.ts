import { badPng, type PngHeader } from './chunks.js';

/** A part of the picture whose rows follow each other in the file: all of it, or one of Adam7's seven. */
export interface Pass {
  /** Its first pixel, and how far apart its pixels are in the picture. */
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  /** How many pixels a row has, and how many rows there are, each at least 1. */
  readonly width: number;
  readonly height: number;
}

/** x, y, step of x, step of y. */
const ADAM7: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

export function passesOf({ width, height, interlaced }: PngHeader): Pass[] {
  if (!interlaced) return [{ x: 0, y: 0, stepX: 1, stepY: 1, width, height }];
  return ADAM7.map(([x, y, stepX, stepY]) => ({
    ...{ x, y, stepX, stepY },
    width: Math.ceil((width - x) / stepX),
    height: Math.ceil((height - y) / stepY),
  })).filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Bytes of a row of the pass, without the byte that names its filter. */
export function rowBytes(pass: Pass, { depth, samples }: PngHeader): number {
  return Math.ceil((pass.width * depth * samples) / 8);
}

/**
 * Undoes the filters of a pass's rows in place: each is one byte that names the filter, then the row. A byte was stored
 * as its difference from the one a pixel to the left, the one above, their mean, or the one of Paeth.
 */
export function unfilter(rows: Uint8Array, length: number, pixel: number, name: string): void {
  for (let start = 0; start < rows.length; start += length + 1) {
    const filter = rows[start]!;
    const first = start + 1;
    const above = start === 0 ? -1 : first - (length + 1);
    for (let i = 0; i < length && filter !== 0; i++) {
      const left = i < pixel ? 0 : rows[first + i - pixel]!;
      const up = above < 0 ? 0 : rows[above + i]!;
      let guess: number;
      if (filter === 1) guess = left;
      else if (filter === 2) guess = up;
      else if (filter === 3) guess = (left + up) >> 1;
      else if (filter === 4) guess = paeth(left, up, above < 0 || i < pixel ? 0 : rows[above + i - pixel]!);
      else throw badPng(name, `has a filter ${filter}, which doesn't exist`);
      rows[first + i] = rows[first + i]! + guess;
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const byLeft = Math.abs(guess - left);
  const byUp = Math.abs(guess - up);
  const byCorner = Math.abs(guess - corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** The numbers of a row as they were stored, 1 to 16 bits each, into `samples`. */
export function unpack(row: Uint8Array, depth: number, samples: Uint16Array): void {
  if (depth === 8) samples.set(row);
  else if (depth === 16)
    for (let i = 0; i < samples.length; i++) samples[i] = (row[2 * i]! << 8) | row[2 * i + 1]!;
  else {
    const each = 8 / depth;
    const mask = (1 << depth) - 1;
    for (let i = 0; i < samples.length; i++)
      samples[i] = (row[Math.floor(i / each)]! >> (8 - depth - (i % each) * depth)) & mask;
  }
}

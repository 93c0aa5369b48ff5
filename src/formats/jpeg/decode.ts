import { checkArray } from '../../checks.js';
import type { ByteImage } from '../image.js';
import { type Huffman, makeHuffman } from './bits.js';
import { type ColorHints, colorSpaceOf, paintRow } from './color.js';
import { samplesOf } from './idct.js';
import { badJpeg, beginsFrame, type Component, type Frame, isJpeg, readFrame, ZIGZAG } from './markers.js';
import { readScan, type Scan } from './scan.js';
import { upsampler } from './upsample.js';

/** What a file has said so far. */
interface State {
  frame?: Frame;
  /** [64] in natural order. */
  readonly tables: Map<number, Uint16Array>;
  /** By class · 16 + number. */
  readonly huffman: Map<number, Huffman>;
  readonly colors: ColorHints;
  restart: number;
}

/**
 * Decodes a JPEG, baseline or progressive, gray, color or CMYK, to the same bits as libjpeg's default decoder and so
 * Pillow: exact integer transform, smooth chroma. Orientation by EXIF is not applied, nor color profiles (as Pillow's
 * `Image.open`). A file that was cut short or has codes that aren't is refused, where libjpeg would go on with gray.
 * `name` is the file's, for messages.
 * @throws DistillError 'bad-file'
 */
export function decodeJpeg(bytes: Uint8Array, name: string): ByteImage {
  checkArray(bytes, name, 'Uint8Array');
  if (!isJpeg(bytes)) throw badJpeg(name, 'starts as no JPEG does');
  const frame = readAll(bytes, name);
  return paint(frame.frame, frame.colors, name);
}

function readAll(bytes: Uint8Array, name: string): { frame: Frame; colors: ColorHints } {
  const state: State = {
    tables: new Map(),
    huffman: new Map(),
    colors: { jfif: false, adobe: -1 },
    restart: 0,
  };
  let at = 2;
  for (;;) {
    // Up to the next marker: some writers leave bytes between.
    while (at < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] !== 0 && bytes[at + 1] !== 0xff)) at++;
    const marker = bytes[at + 1];
    if (marker === undefined || marker === 0xd9) break;
    at += 2;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (length < 2 || at + length > bytes.length) throw badJpeg(name, `was cut short at byte ${at}`);
    const body = bytes.subarray(at + 2, at + length);
    at += length;
    if (marker === 0xda) at = readScan(bytes, at, ...scanOf(body, state, name), name);
    else readSegment(marker, body, bytes.length, state, name);
  }
  if (!state.frame) throw badJpeg(name, 'has no picture');
  return { frame: state.frame, colors: state.colors };
}

function readSegment(marker: number, body: Uint8Array, size: number, state: State, name: string): void {
  if (beginsFrame(marker)) {
    if (state.frame) throw badJpeg(name, 'has two frames');
    state.frame = readFrame(marker, body, size, name);
  } else if (marker === 0xdb) readQuantization(body, state, name);
  else if (marker === 0xc4) readHuffman(body, state, name);
  else if (marker === 0xdd) state.restart = ((body[0] ?? 0) << 8) | (body[1] ?? 0);
  else if (marker === 0xe0 && textOf(body, 5) === 'JFIF\0') state.colors.jfif = true;
  else if (marker === 0xee && textOf(body, 5) === 'Adobe' && body.length >= 12)
    state.colors.adobe = body[11]!;
}

function textOf(body: Uint8Array, length: number): string {
  return String.fromCharCode(...body.subarray(0, length));
}

function readQuantization(body: Uint8Array, { tables }: State, name: string): void {
  for (let at = 0; at < body.length; ) {
    const wide = body[at]! >> 4 !== 0;
    const number = body[at]! & 15;
    const length = wide ? 128 : 64;
    if (at + 1 + length > body.length) throw badJpeg(name, 'has a quantization table that was cut short');
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++)
      table[ZIGZAG[k]!] = wide ? (body[at + 1 + 2 * k]! << 8) | body[at + 2 + 2 * k]! : body[at + 1 + k]!;
    tables.set(number, table);
    at += 1 + length;
  }
}

function readHuffman(body: Uint8Array, { huffman }: State, name: string): void {
  for (let at = 0; at < body.length; ) {
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const end = at + 17 + total;
    const table =
      end <= body.length && total <= 256 ? makeHuffman(counts, body.subarray(at + 17, end)) : undefined;
    if (!table) throw badJpeg(name, 'has a Huffman table that is none');
    huffman.set(body[at]!, table);
    at = end;
  }
}

function scanOf(body: Uint8Array, { frame, tables, huffman, restart }: State, name: string): [Frame, Scan] {
  if (!frame) throw badJpeg(name, 'has a scan before its frame');
  const count = body[0] ?? 0;
  if (count < 1 || count > 4 || body.length !== 4 + 2 * count) throw badJpeg(name, 'has a scan that is none');
  const components = Array.from({ length: count }, (_, i) => {
    const component = frame.components.find(({ id }) => id === body[1 + 2 * i]);
    if (!component) throw badJpeg(name, 'has a scan of a component that it lacks');
    component.table ??= tables.get(component.quantization);
    const selector = body[2 + 2 * i]!;
    return { component, dc: huffman.get(selector >> 4), ac: huffman.get(16 + (selector & 15)) };
  });
  if (new Set(components.map(({ component }) => component)).size < count)
    throw badJpeg(name, 'has a scan that names a component twice');
  const [first, last, bits] = frame.progressive ? [...body.subarray(1 + 2 * count)] : [0, 63, 0];
  const scan = { components, first: first!, last: last!, high: bits! >> 4, low: bits! & 15, restart };
  checkOrder(scan, frame, name);
  return [frame, scan];
}

/** Progressive scans follow rules; files that don't are damaged, and would decode to anything. */
function checkOrder({ components, first, last, high, low }: Scan, frame: Frame, name: string): void {
  const alone = components.length === 1;
  const inRange = first <= last && last <= 63 && low <= 13 && (high === 0 || high === low + 1);
  if (!inRange || (frame.progressive && (first === 0 ? last > 0 : !alone)))
    throw badJpeg(name, 'has a progressive scan against the rules');
  for (const { component } of components)
    for (let k = first; k <= last; k++) {
      const known = component.known[k]!;
      if (high === 0 ? known >= 0 : known !== high)
        throw badJpeg(name, 'has a scan twice, or before the one it needs');
      component.known[k] = low;
    }
}

function paint(frame: Frame, colors: ColorHints, name: string): ByteImage {
  const { width, height, components } = frame;
  const rows = components.map((component) =>
    upsampler(component, frame, samplesOf(component, tableOf(component, name))),
  );
  const space = colorSpaceOf(
    components.map(({ id }) => id),
    colors,
  );
  const channels = space === 'gray' ? 1 : 3;
  const data = new Uint8ClampedArray(width * height * channels);
  for (let y = 0; y < height; y++) {
    const planes = rows.map((row) => row(y));
    paintRow(space, planes, width, data, y * width * channels);
  }
  return { height, width, channels, data: new Uint8Array(data.buffer) };
}

/** The component's quantization table, once it is sure that the picture is whole. */
function tableOf({ known, table }: Component, name: string): Uint16Array {
  if (known.some((bit) => bit !== 0)) throw badJpeg(name, 'was cut short: some of its scans are missing');
  if (!table) throw badJpeg(name, 'names a quantization table that it lacks');
  return table;
}

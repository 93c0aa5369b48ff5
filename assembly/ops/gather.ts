import { GatherField as F, GatherImagesField as G, ViewIndexField as V } from '../../src/backends/wasm/layout';
import { address, float, word } from '../fields';
import { randomWords } from '../math/philox';

/** y[r] = x[index[r]], rows of 32-bit words; index −1 gives a row of `missing`. */
export function gather(at: usize, lo: i32, hi: i32): void {
  const columns = word(at, F.columns);
  const bytes = (<usize>columns) << 2;
  const x = address(at, F.x);
  const index = address(at, F.index);
  let y = address(at, F.y) + <usize>lo * bytes;
  for (let r: usize = lo; r < <usize>hi; r++) {
    const i = load<i32>(index + (r << 2));
    if (i >= 0) memory.copy(y, x + <usize>i * bytes, bytes);
    else for (let c: usize = 0; c < bytes; c += 4) store<i32>(y + c, word(at, F.missing));
    y += bytes;
  }
}

/**
 * y[r] = scale·(image index[r], shifted by a random offset of up to ±pixels each way, padded with zeros, and mirrored
 * or not).
 */
export function gatherImages(at: usize, lo: i32, hi: i32, scratch: usize, step: i32, seed: u32): void {
  const height = word(at, G.height);
  const width = word(at, G.width);
  const channels = word(at, G.channels);
  const bytes = <usize>height * width * channels;
  const x = address(at, G.x);
  const index = address(at, G.index);
  const pixels = word(at, G.pixels);
  const mirror = word(at, G.mirror) != 0;
  const scale = float(at, G.scale);
  for (let r = lo; r < hi; r++) {
    const i = load<i32>(index + ((<usize>r) << 2));
    const y = address(at, G.y) + ((<usize>r * bytes) << 2);
    if (i < 0) {
      memory.fill(y, 0, bytes << 2);
      continue;
    }
    const image = x + <usize>i * bytes;
    if (pixels == 0 && !mirror) {
      scaled(<i32>bytes, image, y, scale);
      continue;
    }
    let down = 0;
    let right = 0;
    if (pixels > 0) {
      const words = shiftWords(seed, word(at, G.shiftKind), word(at, G.shiftIndex), step, r, scratch);
      down = offset(load<u32>(words), pixels);
      right = offset(load<u32>(words, 4), pixels);
    }
    const mirrored = mirror && isMirrored(seed, word(at, G.mirrorKind), word(at, G.mirrorIndex), step, r, scratch);
    if (down != 0 || right != 0) memory.fill(y, 0, bytes << 2);
    viewed(height, width, channels, image, y, down, right, mirrored, scale);
  }
}

/**
 * y[r] = the row of image index[r], in the view gatherImages draws, in a table of every image in each view; −1 stays
 * −1.
 */
export function viewIndex(at: usize, lo: i32, hi: i32, scratch: usize, step: i32, seed: u32): void {
  const index = address(at, V.index);
  const y = address(at, V.y);
  const pixels = word(at, V.pixels);
  const side = 2 * pixels + 1;
  for (let r = lo; r < hi; r++) {
    const i = load<i32>(index + ((<usize>r) << 2));
    let row = -1;
    if (i >= 0) {
      row = i;
      if (pixels > 0) {
        const words = shiftWords(seed, word(at, V.shiftKind), word(at, V.shiftIndex), step, r, scratch);
        const down = offset(load<u32>(words), pixels) + pixels;
        const right = offset(load<u32>(words, 4), pixels) + pixels;
        row = (i * side + down) * side + right;
      }
      if (word(at, V.mirror)) {
        row = 2 * row + i32(isMirrored(seed, word(at, V.mirrorKind), word(at, V.mirrorIndex), step, r, scratch));
      }
    }
    store<i32>(y + ((<usize>r) << 2), row);
  }
}

/** The address of the two random words of row r's shift: words 2r and 2r + 1 of its stream, in group r / 8. */
function shiftWords(seed: u32, kind: u32, index: u32, step: u32, r: i32, scratch: usize): usize {
  randomWords(seed, kind, index, step, r >> 3, scratch);
  return scratch + ((<usize>(r & 7)) << 3);
}

/** Whether row r is mirrored: the highest bit of word r of its stream. */
function isMirrored(seed: u32, kind: u32, index: u32, step: u32, r: i32, scratch: usize): bool {
  randomWords(seed, kind, index, step, r >> 4, scratch);
  return load<i32>(scratch + ((<usize>(r & 15)) << 2)) < 0;
}

/** A whole number in [−pixels, pixels] from a random word, by multiplying into the high half (no modulo bias). */
function offset(random: u32, pixels: i32): i32 {
  return <i32>((<u64>random * <u64>(2 * pixels + 1)) >> 32) - pixels;
}

function viewed(
  height: i32,
  width: i32,
  channels: i32,
  image: usize,
  y: usize,
  down: i32,
  right: i32,
  mirrored: bool,
  scale: f32,
): void {
  const rows = height - abs(down);
  const columns = width - abs(right);
  if (columns <= 0) return;
  const fromX = max(-right, 0);
  const toX = max(right, 0);
  for (let row = 0; row < rows; row++) {
    const line = image + <usize>((row + max(-down, 0)) * width * channels);
    const to = y + ((<usize>(((row + max(down, 0)) * width + toX) * channels)) << 2);
    if (mirrored) backwards(columns, channels, line + <usize>((width - 1 - fromX) * channels), to, scale);
    else scaled(columns * channels, line + <usize>(fromX * channels), to, scale);
  }
}

/** Copies this many pixels, going left from the first. */
function backwards(columns: i32, channels: i32, from: usize, to: usize, scale: f32): void {
  for (let j = 0; j < columns; j++) {
    for (let c = 0; c < channels; c++) {
      store<f32>(to, <f32>load<u8>(from + c) * scale);
      to += 4;
    }
    from -= channels;
  }
}

function scaled(n: i32, from: usize, to: usize, scale: f32): void {
  const s = f32x4.splat(scale);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const words = v128.load8x8_u(from);
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)), s));
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), s), 16);
    from += 8;
    to += 32;
  }
  for (; i < n; i++) {
    store<f32>(to, <f32>load<u8>(from) * scale);
    from++;
    to += 4;
  }
}

import { GatherField as F, GatherImagesField as G, ShiftedIndexField as S } from '../../src/runtime/layout';
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

/** y[r] = scale·(image index[r] shifted by a random offset of up to ±jitter pixels each way, zero where it ran out). */
export function gatherImages(at: usize, lo: i32, hi: i32, scratch: usize, step: i32, seed: u32): void {
  const height = word(at, G.height);
  const width = word(at, G.width);
  const pixels = <usize>height * width;
  const x = address(at, G.x);
  const index = address(at, G.index);
  const jitter = word(at, G.jitter);
  for (let r = lo; r < hi; r++) {
    const i = load<i32>(index + ((<usize>r) << 2));
    const y = address(at, G.y) + ((<usize>r * pixels) << 2);
    if (i < 0) {
      memory.fill(y, 0, pixels << 2);
      continue;
    }
    const image = x + <usize>i * pixels;
    if (jitter == 0) {
      scaled(<i32>pixels, image, y, float(at, G.scale));
      continue;
    }
    const words = shiftWords(seed, word(at, G.stream), step, r, scratch);
    const down = offset(load<u32>(words), jitter);
    const right = offset(load<u32>(words, 4), jitter);
    memory.fill(y, 0, pixels << 2);
    shifted(height, width, image, y, down, right, float(at, G.scale));
  }
}

/** y[r] = the row, in a table of every image in each of its shifts, of image index[r] as gatherImages shifts it; −1 stays. */
export function shiftedIndex(at: usize, lo: i32, hi: i32, scratch: usize, step: i32, seed: u32): void {
  const index = address(at, S.index);
  const y = address(at, S.y);
  const jitter = word(at, S.jitter);
  const side = 2 * jitter + 1;
  for (let r = lo; r < hi; r++) {
    const i = load<i32>(index + ((<usize>r) << 2));
    let row = -1;
    if (i >= 0) {
      const words = shiftWords(seed, word(at, S.stream), step, r, scratch);
      const down = offset(load<u32>(words), jitter) + jitter;
      const right = offset(load<u32>(words, 4), jitter) + jitter;
      row = (i * side + down) * side + right;
    }
    store<i32>(y + ((<usize>r) << 2), row);
  }
}

/** Where the two random words of row r's shift lie: it takes the words 2r and 2r + 1 of its stream, in group r / 8. */
function shiftWords(seed: u32, stream: u32, step: u32, r: i32, scratch: usize): usize {
  randomWords(seed, stream, step, r >> 3, scratch);
  return scratch + ((<usize>(r & 7)) << 3);
}

/** A whole number in [−jitter, jitter] from a random word, by multiplying into the high half (no division's bias). */
function offset(random: u32, jitter: i32): i32 {
  return <i32>((<u64>random * <u64>(2 * jitter + 1)) >> 32) - jitter;
}

function shifted(height: i32, width: i32, image: usize, y: usize, down: i32, right: i32, scale: f32): void {
  const rows = height - abs(down);
  const columns = width - abs(right);
  if (columns <= 0) return;
  const fromX = max(-right, 0);
  const toX = max(right, 0);
  for (let row = 0; row < rows; row++) {
    const from = image + <usize>((row + max(-down, 0)) * width + fromX);
    scaled(columns, from, y + ((<usize>((row + max(down, 0)) * width + toX)) << 2), scale);
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

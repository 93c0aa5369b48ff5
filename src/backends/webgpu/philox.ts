import { STREAM_KINDS, type Stream } from '../../random/streams.js';

/** Philox4x32-10, as src/random/philox.ts defines it, in WGSL: `philox(block, stream's index, stream's kind)`. */
const rounds = `
fn high_word(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  return ah * bh + (middle >> 16u) + ((al * bh + (middle & 0xffffu)) >> 16u);
}
fn philox(block: u32, index: u32, kind: u32) -> vec4u {
  var x = vec4u(block, state.step, index, kind);
  var key = vec2u(state.seed, 0u);
  for (var round = 0; round < 10; round++) {
    let h0 = high_word(x.x, 0xd2511f53u);
    let l0 = x.x * 0xd2511f53u;
    let h1 = high_word(x.z, 0xcd9e8d57u);
    let l1 = x.z * 0xcd9e8d57u;
    x = vec4u(h1 ^ x.y ^ key.x, l1, h0 ^ x.w ^ key.y, l0);
    key = key + vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return x;
}
fn random_word(element: u32, index: u32, kind: u32) -> u32 {
  return philox(4u * (element / 16u) + element % 4u, index, kind)[(element / 4u) % 4u];
}
`;

/** The function `random_word(element, index, kind)`, and `high_word(a, b)`, the upper half of a product. */
export const randomWords = rounds;

/** The WGSL of word `element` (an expression) of a stream. */
export function wordOf(stream: Stream, element: string): string {
  return `random_word(${element}, ${stream.index}u, ${STREAM_KINDS[stream.kind]}u)`;
}

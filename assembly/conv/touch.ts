/** Bytes of whole rows that are touched at a time: no more than stays in the L2 until it is used. */
const BAND: i32 = 65536;
/** Channels from which four pixels are four streams rather than one. */
const STREAMS: i32 = 64;

/** How many of at most `rows` rows to touch before the next ones are worked on; 0: none, the processor needs no help. */
// @ts-ignore: decorator
@inline export function rowsToTouch(channels: i32, rowBytes: usize, rows: i32): i32 {
  return channels < STREAMS ? 0 : min(rows, max(1, BAND / <i32>rowBytes));
}

/**
 * Reads one number of each cache line, in order. Kernels that take pixels by fours, all channels in turn, read several
 * streams of a few hundred bytes each, which a processor doesn't fetch ahead: 14 × 14 × 128 from the L3 ran at 0.25 of
 * the peak instead of 0.35.
 */
export function touch(x: usize, bytes: usize, scratch: usize): void {
  if (bytes == 0) return;
  let any = load<i32>(x);
  for (let at: usize = 64; at < bytes; at += 64) any |= load<i32>(x + at);
  // Otherwise a compiler could leave the reads out.
  store<i32>(scratch, any);
}

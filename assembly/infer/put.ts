/** Writes the first `count` lanes, all if there are four or more of them. */
export function put(at: usize, v: v128, count: i32): void {
  if (count > 3) return v128.store(at, v);
  if (count & 2) {
    v128.store64_lane(at, v, 0);
    if (count & 1) v128.store32_lane(at, v, 2, 8);
  } else v128.store32_lane(at, v, 0);
}

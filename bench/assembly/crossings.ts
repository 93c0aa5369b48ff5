/** Times the team's own barrier by itself. Compiled by the benchmark, not part of the library. */
import { meet } from '../../assembly/barrier';

/** Milliseconds by the host's clock. */
declare function now(): f64;

/** Milliseconds of `count` crossings on end, once all threads have met; −1 where a thread never came. */
export function crossings(control: usize, threads: i32, spins: i32, count: i32): f64 {
  if (meet(control, threads, spins) != 0) return -1;
  const start = now();
  for (let i = 0; i < count; i++) if (meet(control, threads, spins) != 0) return -1;
  return now() - start;
}

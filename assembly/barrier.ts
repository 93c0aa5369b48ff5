import { Control } from '../src/backends/wasm/layout';

/**
 * A barrier for the threads of a team: count arrivals, let the last one advance the phase. Waiting threads spin briefly
 * and then sleep in an atomic wait; the last one wakes sleepers only if there are any, since a needless notify costs
 * more than the crossing itself (measured: 205 ns without, 360 to 510 with).
 */

/** Nanoseconds of each sleep; `abort` is checked between sleeps. */
const NAP: i64 = 200_000_000;

/** Returns 0 when all have met, 1 when the run was aborted, 2 when a thread never came. */
export function meet(control: usize, threads: i32, spins: i32): i32 {
  if (threads == 1) return 0;
  const arrived = control + ((<usize>Control.arrived) << 2);
  const phase = control + ((<usize>Control.phase) << 2);
  const sleepers = control + ((<usize>Control.sleepers) << 2);
  const before = atomic.load<i32>(phase);
  if (atomic.add<i32>(arrived, 1) == threads - 1) {
    atomic.store<i32>(arrived, 0);
    atomic.store<i32>(phase, before + 1);
    if (atomic.load<i32>(sleepers) != 0) atomic.notify(phase, -1);
    return 0;
  }
  for (let i = 0; i < spins; i++) if (atomic.load<i32>(phase) != before) return 0;
  return sleep(control, phase, sleepers, before);
}

function sleep(control: usize, phase: usize, sleepers: usize, before: i32): i32 {
  const abort = control + ((<usize>Control.abort) << 2);
  const most = load<i32>(control + ((<usize>Control.naps) << 2));
  let naps = 0;
  atomic.add<i32>(sleepers, 1);
  while (atomic.load<i32>(phase) == before && naps < most && atomic.load<i32>(abort) == 0) {
    if (atomic.wait<i32>(phase, before, NAP) == 2) naps++;
  }
  atomic.sub<i32>(sleepers, 1);
  if (atomic.load<i32>(phase) != before) return 0;
  return atomic.load<i32>(abort) != 0 ? 1 : 2;
}

// The clock that JavaScript peers and we ourselves are timed by: the same code, so that nobody gains by it.
import { stepsBeforeReset } from './work.mjs';

/**
 * Times n steps or inferences of `timing`, { kind, steps, subject: { run(n), reset() } }: { ms, cpuMs, idleCpuMs }: by the
 * wall, by the CPU time of all threads of this process, and their CPU time since the last call. A training that has gone
 * on for long starts again off the clock.
 */
export async function timed(timing, n) {
  const total = { ms: 0, cpuMs: 0, idleCpuMs: cpuMilliseconds() - (timing.idleSince ?? 0) };
  for (let left = n; left > 0; ) {
    let count = left;
    if (timing.kind === 'train') {
      if (timing.steps >= stepsBeforeReset) await reset(timing);
      count = Math.min(left, stepsBeforeReset - timing.steps);
    }
    const busy = cpuMilliseconds();
    const start = performance.now();
    await timing.subject.run(count);
    total.ms += performance.now() - start;
    total.cpuMs += cpuMilliseconds() - busy;
    timing.steps += count;
    left -= count;
  }
  timing.idleSince = cpuMilliseconds();
  return total;
}

/** Back to the first weights. */
export async function reset(timing) {
  await timing.subject.reset();
  timing.steps = 0;
}

function cpuMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

import { bytesOf } from '../../../graph/shape.js';
import { COPY_DST, STORAGE, UNIFORM } from '../flags.js';
import { invocationsOf, type Speeds } from '../lower/tiles.js';
import type { Pipelines } from '../pipelines.js';
import { type Encoded, encode, MOST_STEPS, prepared, STATE_BYTES } from '../steps.js';
import type { Probe } from './probes.js';

/** How long what is timed at once should take: clocks of pages are coarse, and a GPU tells late that it is done. */
const TIMED_MS = 30;
/** Of each product the least time counts, as other work may come between. */
const ROUNDS = 4;
const MOST_FULL = 2 ** 20;

/**
 * Times products that fill the GPU, one for each tile in the order of `tiles`, and one of a single workgroup: by how much
 * of the GPU that leaves idle one sees how many invocations fill it.
 */
export async function measure(
  device: GPUDevice,
  pipelines: Pipelines,
  full: readonly Probe[],
  single: Probe,
): Promise<Speeds> {
  const probes = [...full, single];
  const buffers = [0, 1, 2].map((i) =>
    device.createBuffer({
      size: Math.max(...probes.map(({ matrices }) => bytesOf(matrices[i]!))),
      usage: STORAGE,
    }),
  );
  const states = device.createBuffer({ size: MOST_STEPS * STATE_BYTES, usage: UNIFORM | COPY_DST });
  try {
    const state = device.createBindGroup({
      layout: pipelines.state,
      entries: [{ binding: 0, resource: { buffer: states, size: 16 } }],
    });
    const plans = await Promise.all(probes.map((probe) => planOf(probe, buffers, device, pipelines)));
    const seconds = await leastSeconds(plans, (plan, count) => timed(device, plan, state, count));
    return speedsOf(full, single, seconds);
  } finally {
    for (const buffer of [...buffers, states]) buffer.destroy();
  }
}

function planOf(
  { kernel, matrices }: Probe,
  buffers: readonly GPUBuffer[],
  device: GPUDevice,
  pipelines: Pipelines,
): Promise<Encoded[]> {
  const places = kernel.bindings.map(({ node }) => ({
    buffer: matrices.indexOf(node),
    offset: 0,
    bytes: bytesOf(node),
  }));
  return prepared([{ kernel, places }], buffers, device, pipelines);
}

/** Milliseconds that `count` times the plan take. */
async function timed(
  device: GPUDevice,
  plan: readonly Encoded[],
  state: GPUBindGroup,
  count: number,
): Promise<number> {
  const begun = performance.now();
  device.queue.submit([encode(device, plan, state, count)]);
  await device.queue.onSubmittedWorkDone();
  return performance.now() - begun;
}

/** Seconds of each plan, by `time(plan, count)` in milliseconds; plans take turns. */
async function leastSeconds<T>(
  plans: readonly T[],
  time: (plan: T, count: number) => Promise<number>,
): Promise<number[]> {
  const counts: number[] = [];
  for (const plan of plans) {
    await time(plan, 1);
    const took = await time(plan, 1);
    counts.push(Math.max(1, Math.min(MOST_STEPS, Math.ceil(TIMED_MS / Math.max(took, 0.1)))));
  }
  const least = plans.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, plan] of plans.entries()) {
      const took = await time(plan, counts[i]!);
      least[i] = Math.min(least[i]!, took / counts[i]! / 1e3);
    }
  }
  return least;
}

/** Speeds by the seconds that products took: those of the tiles, and last the one of a single workgroup. */
export function speedsOf(full: readonly Probe[], single: Probe, seconds: readonly number[]): Speeds {
  const rates = full.map(({ multiplyAdds }, i) => multiplyAdds / seconds[i]!);
  const rate = Math.max(...rates);
  const own = single.multiplyAdds / seconds.at(-1)!;
  const filled =
    (invocationsOf(single.tile) * rates[full.findIndex(({ tile }) => tile === single.tile)]!) / own;
  return {
    tiles: rates.map((each) => rounded(each / rate)),
    rate: rounded(rate),
    full: Math.max(1, Math.min(MOST_FULL, Math.round(filled))),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

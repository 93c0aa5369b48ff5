import { bytesOf } from '../../../graph/shape.js';
import { STORAGE } from '../flags.js';
import { invocationsOf, type Speeds } from '../lower/tiles.js';
import type { Pipelines } from '../pipelines.js';
import { allocateStates, type Encoded, encode, MOST_STEPS, prepared } from '../steps.js';
import type { Probe } from './probes.js';

/** What is timed should take so long: some pages' clocks tick once a millisecond. */
const TIMED_MS = 12;
/** A GPU that takes longer for one workgroup is one in software, whatever it calls itself. */
const MOST_MS = 250;
/** A card at rest lowers its clock, down to a sixth (H200), and takes some tenths of a second under load to raise it. */
const WARM_MS = 500;
/** Of so many times the least counts, as other work may come between. */
const ROUNDS = 3;
const MOST_FULL = 2 ** 20;

/** Milliseconds that so many times a product take, from submitting them to being told of their end. */
type Timed<T> = (product: T, count: number) => Promise<number>;

/**
 * Times products that fill the GPU, one for each tile in the order of `tiles`, and one of a single workgroup: by how much
 * of the GPU that leaves idle one sees how many invocations fill it.
 * @throws Error if the GPU refuses something, is lost, or is too slow to be measured.
 */
export async function measure(
  device: GPUDevice,
  pipelines: Pipelines,
  filling: readonly Probe[],
  single: Probe,
): Promise<Speeds> {
  const probes = [single, ...filling];
  let lost = false;
  void device.lost.then(() => {
    lost = true;
  });
  for (const filter of ['out-of-memory', 'validation'] as const) device.pushErrorScope(filter);
  const buffers = [0, 1, 2].map((i) =>
    device.createBuffer({
      size: Math.max(...probes.map(({ matrices }) => bytesOf(matrices[i]!))),
      usage: STORAGE,
    }),
  );
  const { states, state } = allocateStates(device, pipelines);
  let seconds: number[] = [];
  try {
    const planned = (probe: Probe) => planOf(probe, buffers, device, pipelines);
    const timed: Timed<readonly Encoded[]> = async (plan, count) => {
      const begun = performance.now();
      device.queue.submit([encode(device, plan, state, count)]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - begun;
    };
    const alone = await planned(single);
    await timed(alone, 1);
    if ((await leastOf(ROUNDS, () => timed(alone, 1))) < MOST_MS) {
      const all = await Promise.all(filling.map(planned));
      for (const until = performance.now() + WARM_MS; performance.now() < until; ) await timed(all[0]!, 8);
      seconds = await leastSeconds([alone, ...all], timed);
    }
  } finally {
    for (const buffer of [...buffers, states]) buffer.destroy();
    const refused = [await device.popErrorScope(), await device.popErrorScope()];
    if (refused.some((error) => error !== null)) seconds = [];
  }
  if (lost || seconds.length === 0 || !seconds.every((each) => each > 0))
    throw new Error("this GPU can't be measured");
  return speedsOf(filling, single, seconds);
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

/**
 * Seconds of each product; they take turns. A GPU tells of its end late, by milliseconds in some browsers: so many times
 * and twice as many are timed, and the difference counts. One that is too short to tell, or that other work hides, is
 * timed again with twice as many.
 */
export async function leastSeconds<T>(products: readonly T[], timed: Timed<T>): Promise<number[]> {
  for (const product of products) await timed(product, 1);
  const all = products.map((product) => ({ product, count: 1, once: Infinity, twice: Infinity }));
  for (let short = all; short.length > 0; ) {
    for (let round = 0; round < ROUNDS; round++) {
      for (const each of short) {
        each.once = Math.min(each.once, await timed(each.product, each.count));
        each.twice = Math.min(each.twice, await timed(each.product, 2 * each.count));
      }
    }
    short = short.filter(({ count, once, twice }) => twice - once < TIMED_MS && 4 * count <= MOST_STEPS);
    for (const each of short) Object.assign(each, { count: 2 * each.count, once: Infinity, twice: Infinity });
  }
  return all.map(({ count, once, twice }) => (twice - once) / count / 1e3);
}

async function leastOf(times: number, timed: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let time = 0; time < times; time++) least = Math.min(least, await timed());
  return least;
}

/**
 * Speeds by the seconds that products took, the one of a single workgroup first. They are rounded as coarsely as their
 * noise is, so that the same device measured again is likely to have the same.
 */
export function speedsOf(filling: readonly Probe[], single: Probe, seconds: readonly number[]): Speeds {
  const [alone, ...others] = seconds;
  const rates = filling.map(({ multiplyAdds }, i) => multiplyAdds / others[i]!);
  const rate = Math.max(...rates);
  const whole = rates[filling.findIndex(({ tile }) => tile === single.tile)]!;
  const filled = (invocationsOf(single.tile) * whole * alone!) / single.multiplyAdds;
  return {
    tiles: rates.map((each) => Math.max(1, Math.round((20 * each) / rate)) / 20),
    rate: powerOfTwo(rate),
    full: Math.max(1, Math.min(MOST_FULL, powerOfTwo(filled))),
  };
}

function powerOfTwo(value: number): number {
  return 2 ** Math.round(Math.log2(value));
}

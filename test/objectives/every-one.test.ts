import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type Dataset,
  type Engine,
  makeDataset,
  parseShorthand,
  type TrainedModel,
  train,
  weightsSha256,
} from 'wasm-distill';
import {
  entryOf,
  labels,
  type NamedObjective,
  type ObjectiveName,
  objectiveCatalog,
  objectiveNamed,
  weightedSum,
} from 'wasm-distill/objectives';

/** What holds of every row of the catalog, beside labels. */

const names = Object.keys(objectiveCatalog) as ObjectiveName[];
const network = (text: string) =>
  parseShorthand(text, { input: { shape: [12, 12, 1] }, classes: 5 }).architecture;
const architecture = network('nobn conv4k3v conv6k3s2 dense12 dense5');

const engines: Engine[] = [];
let teacher: TrainedModel;
beforeAll(async () => {
  for (const threads of [1, 2, 3]) engines.push(await createEngine({ threads }));
  teacher = await train(engines[0]!, {
    architecture: network('nobn conv4k3v conv6k3s2 dense16 dense5'),
    ...{ data: dataOf(60), epochs: 2, seed: 3 },
  });
});
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

function dataOf(size: number, label = (i: number) => (i * 7) % 5): Dataset {
  const values = Uint8Array.from({ length: size * 144 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 8) % 251);
  return makeDataset({
    ...{ inputs: { shape: [12, 12, 1], values }, classes: 5 },
    labels: Int32Array.from({ length: size }, (_, i) => label(i)),
  });
}

interface Changes {
  data?: Dataset;
  batch?: number;
  weight?: number;
  engine?: Engine;
}

/** The bits of a student that learns labels, and an objective beside them. */
async function taught(name: ObjectiveName | undefined, changes: Changes = {}): Promise<string> {
  // 50 samples in batches of 16: the last one has two, and 14 that fill it.
  const { data = dataOf(50), batch = 16, weight = 0.1, engine = engines[0]! } = changes;
  const terms = name === undefined ? [] : [[weight, made(name)] as const];
  const objective = weightedSum([1, labels()], ...terms);
  return weightsSha256(await train(engine, { architecture, data, batch, objective, epochs: 1, seed: 1 }));
}

function made(name: ObjectiveName) {
  const { taps, needs } = entryOf(name);
  const options = taps?.options(taps.choose?.(architecture, teacher.architecture) ?? []) ?? {};
  const teaching = needs.teacher === 'none' ? {} : { networks: [teacher] };
  return objectiveNamed({ objective: name, options } as NamedObjective, teaching);
}

describe.each(names)('%s', (name) => {
  const { needs } = entryOf(name);

  test('gives the same bits with 1, 2 and 3 threads, and other ones than labels alone', async () => {
    const bits = new Set<string>();
    for (const engine of engines) bits.add(await taught(name, { engine }));
    expect(bits.size).toBe(1);
    expect(bits).not.toContain(await taught(undefined));
  });

  test('weighs nothing at weight 0', async () => {
    expect(await taught(name, { weight: 0 })).toBe(await taught(undefined));
  });

  test('takes the smallest batch that it says, and refuses smaller ones', async () => {
    const { batch = 1 } = needs;
    await expect(taught(name, { batch, data: dataOf(2 * batch + 1) })).resolves.toMatch(/^[0-9a-f]{64}$/);
    if (batch === 1) return;
    const sentence = /batches of at least|takes at least 2/;
    await expect(taught(name, { batch: batch - 1 })).rejects.toThrow(sentence);
    // As large a batch as there are samples.
    await expect(taught(name, { data: dataOf(batch - 1) })).rejects.toThrow(
      name === 'verification' ? /one class/ : sentence,
    );
  });

  test('stays finite where all samples are alike, and where some or all labels are unknown', async () => {
    const data = dataOf(50);
    const alike = { ...data, inputs: { ...data.inputs, values: new Uint8Array(data.inputs.values.length) } };
    await expect(taught(name, { data: alike })).resolves.toHaveLength(64);
    const some = dataOf(50, (i) => (i % 3 === 0 ? i % 5 : -1));
    await expect(taught(name, { data: some })).resolves.toHaveLength(64);
    const none = taught(name, { data: dataOf(50, () => -1) });
    // Those that teach each other go on, and what is learned beside labels doesn't need them.
    const lone = !needs.labels || ['labels', 'mutual', 'self-distillation'].includes(name);
    if (lone) await expect(none).resolves.toHaveLength(64);
    else await expect(none).rejects.toThrow(/no sample has (a label|one)/);
  });

  test('ends with an error where samples have numbers that are none', async () => {
    const data = dataOf(50);
    const values = Float32Array.from(data.inputs.values);
    values[1000] = Number.NaN;
    const broken = { ...data, inputs: { ...data.inputs, values } };
    await expect(taught(name, { data: broken })).rejects.toMatchObject({ code: 'diverged' });
  });
});

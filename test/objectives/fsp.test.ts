import { afterAll, expect, test } from 'vitest';
import { createEngine, evaluate, parseShorthand, train, weightsSha256 } from 'wasm-distill';
import { variable } from 'wasm-distill/graph';
import { type FspOptions, fsp, fspLoss, labels, weightedSum } from 'wasm-distill/objectives';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(430);
const engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
afterAll(() => Promise.all(engines.map((engine) => engine.close())));
const one = engines[0]!;

const net = (text: string) =>
  parseShorthand(text, { input: { shape: [12, 12, 1] }, classes: 10 }).architecture;
const student = net('conv4k3@low pool conv6k3@high pool dense10@out');
const options = { data, epochs: 12, seed: 2 };
const teacher = await train(one, {
  architecture: net('conv4k3@low conv8k3 pool conv6k3@high pool dense10@out'),
  data,
  epochs: 4,
  seed: 1,
});
const pair = (name: string) => ({ student: name, teacher: name });
const layers = [pair('low'), pair('high')];

const learned = (more: Partial<FspOptions>, architecture = student, epochs = 1) =>
  train(one, { ...options, architecture, epochs, objective: fsp({ teacher, layers, ...more }) });

test.each(['paper', 'common'] as const)(
  'form %s teaches beside labels, to the same bits with any number of threads',
  async (form) => {
    const objective = weightedSum([1, labels()], [0.01, fsp({ teacher, layers, form })]);
    const models = [];
    for (const engine of engines)
      models.push(await train(engine, { ...options, architecture: student, objective }));
    const hashes = await Promise.all(models.map((model) => weightsSha256(model)));
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).toBe(hashes[0]);
    expect((await evaluate(one, models[0]!, data)).errors).toBeLessThan(60);
    const alone = await train(one, { ...options, architecture: student, objective: labels() });
    expect(hashes[0]).not.toBe(await weightsSha256(alone));
  },
);

test('matrices are between neighbors, or between the first and last layer of each section', () => {
  const more = [...layers, pair('pool'), pair('out')];
  expect(fsp({ teacher, layers }).spec).toEqual({ kind: 'fsp', form: 'paper', between: 'neighbors', layers });
  expect(fsp({ teacher, layers: more, between: 'sections' }).spec).toMatchObject({ between: 'sections' });
  expect(() => fsp({ teacher, layers: more.slice(1), between: 'sections' })).toThrow(/there are 3/);
  expect(() => fsp({ teacher, layers: more.slice(3) })).toThrow(/at least two pairs/);
});

test('sections go forward in both networks, each once', async () => {
  expect(() => fsp({ teacher, layers: [...layers, pair('low')] })).toThrow(
    "FSP has the student's layer low beside the teacher's low twice",
  );
  const forward = (teacherLayers: [string, string], studentLayers: [string, string]) =>
    learned({ layers: [0, 1].map((i) => ({ student: studentLayers[i]!, teacher: teacherLayers[i]! })) });
  await expect(forward(['low', 'high'], ['high', 'low'])).rejects.toThrow(
    "in the order of the network, but the student's layer low isn't computed from its high",
  );
  await expect(forward(['high', 'low'], ['low', 'high'])).rejects.toThrow(
    "the teacher's layer low isn't computed from its high",
  );
  // Another name of the same layer.
  await expect(forward(['low', 'high'], ['low', '2'])).rejects.toThrow(
    "the student's layer 2 isn't computed",
  );
});

test('says what is wrong before anything trains', async () => {
  const other = net('conv4k3@low pool conv5k3@high pool dense10@out');
  await expect(learned({}, other)).rejects.toThrow(
    /same numbers of channels .* the student's have 4 and 5, the teacher's 4 and 6/,
  );
  await expect(learned({ layers: [pair('low'), pair('out')] })).rejects.toThrow(/takes maps of images/);
  await expect(learned({ layers: [pair('low'), pair('no')] })).rejects.toThrow(/the student: .*no/);
  expect(() => fsp({ teacher, layers, form: 'other' as 'paper' })).toThrow(/form/);
});

test('maps of sizes that have no whole ratio are refused', () => {
  const map = (side: number) => variable(`map${side}`, [2, side, side, 3]);
  expect(() => fspLoss([map(6), map(4)], [map(6), map(4)])).toThrow(/6 × 6 of the first layer and 4 × 4/);
});

import { describe, expect, test } from 'vitest';
import { type Architecture, mlp, parseShorthand } from 'wasm-distill';
import {
  catalogName,
  entryOf,
  type Helpers,
  type NamedObjective,
  type ObjectiveName,
  objectiveCatalog,
  objectiveNamed,
} from 'wasm-distill/objectives';
import { size } from '#library/graph/shape.js';
import { parametersOf } from '#library/nn/placed-layers.js';
import { byteInput } from '#library/nn/specs.js';

const names = Object.keys(objectiveCatalog) as ObjectiveName[];
const network = (text: string) =>
  parseShorthand(text, { input: { shape: [12, 12, 1] }, classes: 10 }).architecture;
const architecture = mlp([144, 24, 10], { input: byteInput });
const untrained = (of: Architecture) => ({
  architecture: of,
  weights: new Map(parametersOf(of).map(({ name, shape }) => [name, new Float32Array(size(shape))])),
});
const teacher = untrained(architecture);

/** Options without which an objective can't be made. */
const REQUIRED: Partial<Record<ObjectiveName, object>> = {
  attention: { layers: [{ student: '0', teacher: '0' }] },
  fitnets: { guided: 'layer1', hint: 'layer1' },
  fsp: { layers: ['0', '1'].map((layer) => ({ student: layer, teacher: layer })) },
  'self-distillation': { layers: ['layer1'] },
};

const named = (objective: ObjectiveName, options: object = {}) =>
  ({ objective, options: { ...REQUIRED[objective], ...options } }) as NamedObjective;

describe.each(names)('%s', (name) => {
  const { needs, options, line, source, weight, labels } = objectiveCatalog[name];
  const teaching = needs.teacher === 'none' ? {} : { networks: [teacher] };

  test.each<[ObjectiveName, string[], object]>([
    ['kd', ['alpha', 'softWeight'], { form: 'two-term' }],
    ['dkd', ['alpha', 'beta'], {}],
    ['dist', ['beta', 'gamma'], {}],
    ['relational', ['distance', 'angle'], {}],
  ])('%s weighs any of its terms with 0, not all of them', (name, weights, form) => {
    const made = (zeros: string[]) =>
      objectiveNamed(named(name, { ...form, ...Object.fromEntries(zeros.map((option) => [option, 0])) }), {
        networks: [teacher],
      });
    for (const weight of weights) expect(made([weight]).spec).toMatchObject({ [weight]: 0 });
    expect(() => made(weights)).toThrow(
      new RegExp(
        `${weights.join(' and ')} of .* are 0, so that it teaches nothing: give one of them a number`,
      ),
    );
  });

  test('says what it is in a line, and where it comes from', () => {
    expect(line).toMatch(/^[a-z].*[^.]$/);
    expect(line.length).toBeLessThan(110);
    expect(source.year).toBeGreaterThan(2013);
    expect(source.paper.length * source.venue.length).toBeGreaterThan(0);
    expect(weight).toBeGreaterThan(0);
    expect(labels === 'inside' || labels >= 0).toBe(true);
  });

  test('does by its defaults what it does without options', () => {
    const defaults = Object.entries(options as Record<string, { default?: unknown }>).flatMap(
      ([option, { default: value }]) => (value === undefined ? [] : [[option, value]]),
    );
    const given = objectiveNamed(named(name, Object.fromEntries(defaults)), teaching);
    expect(objectiveNamed(named(name), teaching).spec).toEqual(given.spec);
  });

  test('refuses what its options can’t be', () => {
    for (const option of Object.keys(options))
      expect(() => objectiveNamed(named(name, { [option]: { no: 'such' } }), teaching)).toThrow(
        /must be|needs/,
      );
  });

  test('tells what its options take', () => {
    for (const { is } of Object.values(entryOf(name).options)) expect(is.takes).toMatch(/^[a-z1].*[^.]$/);
  });

  test('needs the teacher that it says', () => {
    if (needs.teacher === 'none') expect(objectiveNamed(named(name)).teachers ?? []).toEqual([]);
    else {
      expect(() => objectiveNamed(named(name))).toThrow(/needs/);
      expect(objectiveNamed(named(name), teaching).teachers).toEqual([teacher]);
    }
  });

  test('names objectives that there are for its second stage', () => {
    const { needs, second } = entryOf(name);
    expect(second !== undefined).toBe(needs.stages === 2);
    for (const { objective } of second?.terms ?? []) expect(catalogName(objective)).toBe(objective);
  });

  test('chooses layers that it can be made with', () => {
    const { taps } = entryOf(name);
    const convolutional = network('nobn conv4 pool conv6 pool dense12 dense10');
    if (!taps) return;
    const options = taps.options(taps.choose?.(convolutional, convolutional) ?? []);
    const networks = [untrained(convolutional)];
    expect(objectiveNamed({ objective: name, options } as NamedObjective, { networks }).spec).toBeDefined();
  });

  test('is found by its name and its aliases, which no other has', () => {
    expect(catalogName(name)).toBe(name);
    for (const alias of objectiveCatalog[name].aliases) expect(catalogName(alias)).toBe(name);
  });
});

test('an unknown name gets the list of the known ones', () => {
  expect(() => catalogName('telepathy')).toThrow(
    /no objective "telepathy": there are labels \(ce, hard\), .*attention \(at, attention-transfer\)/,
  );
});

test('kept numbers are of no layer that could be chosen', () => {
  const hidden = { values: new Float32Array(20), columns: 4 };
  const similarity = (teacherLayer?: string) =>
    objectiveNamed({ objective: 'similarity', options: { teacherLayer } } as NamedObjective, { hidden });
  expect(similarity().columns).toHaveProperty('features');
  expect(() => similarity('layer1')).toThrow(/similarity learns from outputs that were kept/);
});

test.each([
  // The student's map is 6 × 6.
  ['a larger map', '1', [12, 12, 16], [{ deconv: 16, kernel: [7, 7], pad: 0 }, { flatten: true }]],
  [
    'a map that is no whole number of times as large',
    '1',
    [5, 4, 16],
    [{ conv: 16, kernel: [2, 3], pad: 0 }, { flatten: true }],
  ],
  ['a row', '1', [16], [{ dense: 16 }]],
  ['numbers of any other shape', '1', [4, 8], [{ dense: 32 }]],
  ['a map of one pixel, beside a row', '3', [1, 1, 16], [{ dense: 16 }]],
] as const)('hints kept as %s are regressed by their shape', (_, guided, shape, layers) => {
  const student = network('nobn conv4s2 dense12 dense10');
  const columns = size(shape);
  const hidden = { values: new Float32Array(columns), columns, shape };
  const { helpers } = objectiveNamed({ objective: 'fitnets', options: { guided } }, { hidden });
  expect((helpers as (of: Architecture) => Helpers)(student).regressor!.layers).toEqual(layers);
});

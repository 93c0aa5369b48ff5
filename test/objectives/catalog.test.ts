import { describe, expect, test } from 'vitest';
import { type Architecture, mlp, parseShorthand } from 'wasm-distill';
import {
  catalogName,
  entryOf,
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
    const options = taps.options(taps.choose(convolutional, convolutional));
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

import { afterAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type Engine,
  evaluate,
  mlp,
  parseShorthand,
  type StagesOptions,
  type TrainedModel,
  type TrainingState,
  train,
  trainStages,
  weightsSha256,
} from 'wasm-distill';
import {
  decoupled,
  distillation,
  type HintsOptions,
  hiddenOf,
  hints,
  labels,
  mutual,
  selfDistillation,
  weightedSum,
} from 'wasm-distill/objectives';
import { byteInput } from '#library/nn/specs.js';
import { stageEpochs } from '#library/train/stages.js';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(330);
const one = await createEngine({ threads: 1 });
const three = await createEngine({ threads: 3 });
afterAll(async () => {
  await one.close();
  await three.close();
});

const net = (text: string) =>
  parseShorthand(text, { input: { shape: [12, 12, 1] }, classes: 10 }).architecture;
const teacher = await train(one, {
  architecture: net('conv8@first pool conv12@second pool dense10'),
  data,
  epochs: 3,
  seed: 1,
});
const student = net('conv4@first pool conv4@second conv4@third pool dense10');

/** FitNets: hints up to the guided layer, then labels and soft targets whose weight falls from 4 to 0. */
const fitnets = (epochs: number): StagesOptions => ({
  ...{ architecture: student, data, seed: 4, batch: 50, epochs },
  stages: [
    { objective: hints({ teacher, hint: 'second', guided: 'second' }), upTo: 'second' },
    {
      objective: weightedSum(
        [1, labels()],
        [{ from: 4, to: 0 }, distillation({ teachers: [teacher], temperature: 3, alpha: 0 })],
      ),
    },
  ],
});

const bits = async (engine: Engine, options = fitnets(6)) =>
  weightsSha256(await trainStages(engine, options));

describe('two stages', () => {
  test('are two trainings, the second from the weights of the first', async () => {
    const { stages, epochs: _, ...shared } = fitnets(6);
    const first = await train(one, { ...shared, ...stages[0]!, epochs: 2 });
    const second = await train(one, { ...shared, ...stages[1]!, epochs: 4, initial: first });
    expect(await bits(one)).toBe(await weightsSha256(second));
    const errors = async (model: TrainedModel) => (await evaluate(one, model, data)).errors;
    expect(await errors(second)).toBeLessThan(await errors(first));
  });

  test('give the same bits with any number of threads', async () => {
    expect(await bits(three)).toBe(await bits(one));
  });

  test('resume in each stage, at its ends and in the middle of an epoch, to the same bits', async () => {
    const whole = await bits(one);
    const states: TrainingState[] = [];
    await trainStages(one, fitnets(6), { onCheckpoint: (state) => void states.push(state) });
    expect(states.map(({ history }) => history.map(({ epoch }) => epoch).join())).toEqual([
      '1',
      '1,2',
      '1,2,3',
      '1,2,3,4',
      '1,2,3,4,5',
      '1,2,3,4,5,6',
    ]);
    for (const samples of [100, 400, 700, 1500]) states.push(await stoppedAt(samples));
    for (const resume of states)
      expect(await weightsSha256(await trainStages(one, fitnets(6), { resume }))).toBe(whole);
  });

  test('count their progress over all epochs', async () => {
    const seen: number[] = [];
    let total = 0;
    await trainStages(one, fitnets(3), {
      onProgress: ({ samples, totalSamples }) => {
        seen.push(samples);
        total = totalSamples;
      },
    });
    expect(total).toBe(3 * 330);
    expect(seen.at(-1)).toBe(total);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

/** The state in which a training is that is told to stop after so many samples. */
async function stoppedAt(samples: number): Promise<TrainingState> {
  const stop = new AbortController();
  let state: TrainingState | undefined;
  const running = trainStages(one, fitnets(6), {
    signal: stop.signal,
    onProgress: (progress) => progress.samples >= samples && stop.abort(),
    onCheckpoint: (latest) => {
      state = latest;
    },
  });
  await expect(running).rejects.toMatchObject({ code: 'aborted' });
  return state!;
}

test('epochs are shared: the first of two takes a third, others equal parts of what is left', () => {
  const shares = (epochs: number, ...told: (number | undefined)[]) =>
    stageEpochs(
      epochs,
      told.map((own) => ({ epochs: own })),
    );
  expect(shares(60, undefined, undefined)).toEqual([20, 40]);
  expect(shares(2, undefined, undefined)).toEqual([1, 1]);
  expect(shares(60, 10, undefined)).toEqual([10, 50]);
  expect(shares(11, undefined, undefined, undefined)).toEqual([3, 4, 4]);
  expect(shares(5, 2, 3)).toEqual([2, 3]);
  for (const [epochs, ...told] of [
    [1, undefined, undefined],
    [5, 2, 2],
    [5, 5, undefined],
  ] as [number, ...(number | undefined)[]][])
    expect(() => shares(epochs, ...told)).toThrow(/can't share/);
});

test('stages, and states of other trainings, are refused in a sentence', async () => {
  const { stages, ...rest } = fitnets(4);
  const run = (more: object) => trainStages(one, { ...fitnets(4), ...more } as StagesOptions);
  await expect(run({ stages: [] })).rejects.toThrow('stages must be a list of at least one');
  await expect(run({ stages: [{ ...stages[0], train: 'all' }] })).rejects.toThrow(/stage 1 has no.*train/);
  await expect(run({ objective: labels() })).rejects.toThrow(/trainStages has no option objective/);
  let state: TrainingState | undefined;
  const keep = (latest: TrainingState) => {
    state = latest;
  };
  await train(one, { ...rest, epochs: 1 }, { onCheckpoint: keep });
  await expect(trainStages(one, fitnets(4), { resume: state! })).rejects.toThrow(/belongs to another run/);
});

describe('a stage that can’t be is told before the first one trains', () => {
  const unlabeled = { ...data, labels: new Int32Array(data.size).fill(-1) };
  const wrong: [string, Partial<StagesOptions['stages'][number]>, string, object?][] = [
    [
      'a layer to tap',
      { objective: hints({ teacher, hint: 'second', guided: 'ninth' }) },
      'the student: there is no layer "ninth" to tap',
    ],
    ['the layer it trains up to', { upTo: 'ninth' }, 'there is no layer "ninth" in the network'],
    ['a recipe', { recipe: { rate: -1 } }, 'the learning rate must be a positive number'],
    [
      'nothing left to learn',
      { frozen: ['first', 'second', 'third', String(student.layers.length - 1)] },
      'no layer with weights is left',
    ],
    [
      'labels that there aren’t',
      { objective: decoupled({ teachers: [teacher], temperature: 4 }) },
      'decoupled distillation tells the label from the other classes, but no sample has a label',
      { data: unlabeled },
    ],
    ['kept epochs', {}, "keep: 'best' needs validation data", { keep: 'best' }],
  ];

  test.each(wrong)('%s', async (_, second, sentence, more = {}) => {
    const loaded: unknown[] = [];
    const watched = { ...one, load: async (plans: unknown) => loaded.push(plans) } as unknown as Engine;
    const { stages, ...rest } = fitnets(4);
    const options = { ...rest, ...more, stages: [stages[0]!, { ...stages[1]!, ...second }] };
    await expect(trainStages(watched, options as StagesOptions)).rejects.toThrow(`stage 2: ${sentence}`);
    expect(loaded).toEqual([]);
  });
});

describe('hints', () => {
  const guided = (teacherText: string, more: { form?: 'common' } = {}) =>
    hints({
      teacher: { architecture: net(teacherText), weights: new Map() },
      hint: 'hinted',
      guided: 'second',
      ...more,
    }).helpers;

  test.each([
    // The student's map is 6 × 6.
    ['conv8@hinted pool gap dense10', undefined, [{ deconv: 8, kernel: [7, 7], pad: 0 }]],
    ['conv8 pool conv8@hinted gap dense10', undefined, [{ conv: 8, kernel: [1, 1], pad: 0 }]],
    ['conv8 pool pool conv8@hinted gap dense10', undefined, [{ conv: 8, kernel: [4, 4], pad: 0 }]],
    ['conv8@hinted gap dense10', 'common', [{ deconv: 8, kernel: 4, stride: 2, pad: 1 }]],
    ['conv8 pool pool conv8@hinted gap dense10', 'common', [{ conv: 8, stride: 2, pad: 1 }]],
    ['dense20@hinted dense10', undefined, [{ dense: 20 }]],
  ] as const)('of %s, form %s, are regressed by its sizes', (text, form, layers) => {
    const helpers = guided(text, form && { form });
    const made = (helpers as (of: typeof student) => Record<string, typeof student>)(student).regressor!;
    expect(made.layers.slice(0, 1)).toEqual(layers);
    expect(made.input.shape).toEqual([6, 6, 4]);
  });

  test('kept from a teacher teach as those of one in the step do, with any number of threads', async () => {
    const features = await hiddenOf(one, teacher, data);
    const pool = String(
      teacher.architecture.layers.flatMap((layer, i) => ('pool' in layer ? [i] : [])).at(-1),
    );
    const sources = [
      { features, shape: [3, 3, 12] },
      { teacher, hint: pool },
    ];
    const hashes = await Promise.all(
      sources.map(async (source, i) => {
        const objective = weightedSum(
          [1, labels()],
          [0.01, hints({ ...source, guided: 'second' } as HintsOptions)],
        );
        const options = { architecture: student, data, seed: 4, epochs: 3, objective };
        return weightsSha256(await train([one, three][i]!, options));
      }),
    );
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('say what is wrong before anything trains', async () => {
    const run = (more: object) =>
      train(one, {
        ...{ architecture: student, data, seed: 1, epochs: 1 },
        objective: hints({ teacher, hint: 'second', guided: 'second', ...more } as Parameters<
          typeof hints
        >[0]),
      });
    await expect(run({ guided: 'ninth' })).rejects.toThrow('the student: there is no layer "ninth"');
    await expect(run({ guided: 'logits' })).rejects.toThrow(/there is no layer|can't be regressed/);
    await expect(async () => run({ hint: 'ninth' })).rejects.toThrow(
      'the teacher: there is no layer "ninth"',
    );
    await expect(async () => run({ form: 'other' })).rejects.toThrow("form must be 'paper' or 'common'");
  });
});

describe('students without a teacher', () => {
  const own = mlp([144, 12, 10], { input: byteInput });
  const learned = (engine: Engine, objective: ReturnType<typeof labels>, architecture = own) =>
    train(engine, { architecture, data, epochs: 10, seed: 2, objective });
  const errors = async (model: TrainedModel) => (await evaluate(one, model, data)).errors;

  test.each([
    ['that teach each other', mutual(), own],
    ['of three, of which one is of another size', mutual({ peers: [own, mlp([144, 8, 10])] }), own],
    [
      'with classifiers at two stages',
      selfDistillation({ layers: ['first', 'second'], hint: 1e-3 }),
      student,
    ],
    ['with a classifier at a row', selfDistillation({ layers: ['layer1'] }), own],
  ] as const)('%s learn, to the same bits with any number of threads', async (_, objective, architecture) => {
    const models = [
      await learned(one, objective, architecture),
      await learned(three, objective, architecture),
    ];
    expect(await weightsSha256(models[0]!)).toBe(await weightsSha256(models[1]!));
    expect(await errors(models[0]!)).toBeLessThan(150);
    expect([...models[0]!.weights.keys()].some((name) => name.startsWith('helper'))).toBe(false);
  });
});

test('a teacher of several terms runs once', async () => {
  const soft = () => distillation({ teachers: [teacher], temperature: 4 });
  const plans: string[] = [];
  const watched = {
    ...one,
    load: (given: Parameters<Engine['load']>[0]) => {
      plans.push(one.explain(given));
      return one.load(given);
    },
  } as Engine;
  const copy = { ...teacher };
  for (const second of [teacher, copy])
    await train(watched, {
      ...{ architecture: student, data, seed: 4, epochs: 1 },
      objective: weightedSum([1, soft()], [1, hints({ teacher: second, hint: 'second', guided: 'second' })]),
    });
  const passes = plans.map((plan) => new Set(plan.match(/teacher\d+(?=\.)/g)).size);
  expect(passes).toEqual([1, 2]);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as root from 'wasm-distill';
import {
  createEngine,
  custom,
  type Dataset,
  DistillError,
  decodeModel,
  distill,
  distillation,
  type Engine,
  encodeInt8Model,
  encodeModel,
  evaluate,
  labels,
  makeDataset,
  mlp,
  predict,
  type SoftTargets,
  softTargets,
  type TrainedModel,
  type TrainingState,
  train,
  weightedSum,
} from 'wasm-distill';
import * as data from 'wasm-distill/data';
import * as ensemble from 'wasm-distill/ensemble';
import * as formats from 'wasm-distill/formats';
import * as graph from 'wasm-distill/graph';
import * as jobs from 'wasm-distill/jobs';
import * as objectives from 'wasm-distill/objectives';
import * as onnx from 'wasm-distill/onnx';

/** What is given from JavaScript, where no type stands in the way. */
type Loose = (...given: unknown[]) => unknown;

const set = makeDataset({
  inputs: { shape: [2], values: Float32Array.from({ length: 32 }, (_, i) => ((i * 7) % 11) / 11) },
  labels: Int32Array.from({ length: 16 }, (_, i) => i % 3),
  classes: 3,
});
const architecture = mlp([2, 4, 3]);
const base = { architecture, data: set, epochs: 1, seed: 1 };
let engine: Engine;
let model: TrainedModel;
let soft: SoftTargets;
let state: TrainingState;

beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
  const onCheckpoint = (reached: TrainingState) => {
    state = reached;
  };
  model = await train(engine, base, { onCheckpoint });
  soft = await softTargets(engine, [model], set, { temperature: 2 });
});
afterAll(() => engine.close());

/** The sentence with which a call is refused. */
async function refusal(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(DistillError);
    expect(error).toMatchObject({ code: 'bad-argument' });
    return (error as DistillError).message;
  }
  throw new Error('nothing was refused');
}

describe('whatever a public function is given, it answers or throws a DistillError', () => {
  const entries = { root, data, ensemble, formats, graph, jobs, objectives, onnx, ops: graph.ops };
  /** Loads from wherever it is told to; the rest take nothing. */
  const elsewhere = new Set(['DistillError', 'loadMnist', 'memoryArtifacts', 'Predictor', 'Runner']);
  const functions = Object.entries(entries).flatMap(([entry, names]) =>
    Object.entries(names)
      .filter(([name, value]) => typeof value === 'function' && !elsewhere.has(name))
      .map(([name, value]) => [`${entry}.${name}`, value as Loose] as const),
  );

  test.each(functions)('%s', async (_, call) => {
    const x = graph.variable('x', [4, 3]);
    const junk = [
      ...[undefined, null, 2, Number.NaN, 'x', true, {}, [], [1], () => {}, Promise.resolve(), new Map()],
      ...[new Float32Array(3), { shape: [1] }, x, set, model, engine, [model]],
    ];
    const filters = graph.variable('filters', [3, 3, 2, 2]);
    const known = [x, engine, set, model, architecture, filters, 8];
    const calls: unknown[][] = [
      [],
      ...junk.map((a) => [a]),
      ...junk.map((a) => [a, filters]),
      ...known.flatMap((a) => junk.map((b) => [a, b])),
      ...[model, [model], set].flatMap((b) => junk.map((c) => [engine, b, c])),
      ...[model, [model]].flatMap((b) => junk.map((c) => [engine, b, set, c])),
      ...junk.map((d) => [engine, model, [], set, d]),
    ];
    const wrong: string[] = [];
    for (const given of calls) {
      try {
        const answer = call(...given);
        await (isGenerator(answer) ? answer.next() : answer);
      } catch (error) {
        if (!(error instanceof DistillError)) wrong.push(`${given.map(named).join(', ')}: ${error}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  function isGenerator(value: unknown): value is AsyncGenerator {
    return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
  }

  function named(value: unknown): string {
    const names = new Map<unknown, string>([
      [engine, 'engine'],
      [set, 'data'],
      [model, 'model'],
    ]);
    return names.get(value) ?? (typeof value === 'function' ? 'function' : (JSON.stringify(value) ?? 'none'));
  }
});

describe('an option that there isn’t is named, and those that there are', () => {
  const specialist = { data: set, epochs: 1, seed: 1, classes: [1] };
  const stream = { kind: 'user', index: 0 } as const;
  const x = graph.variable('x', [2, 3]);
  const job: jobs.TrainJob = {
    kind: 'train',
    title: 'one',
    architecture,
    data: { name: 'some', sha256: 'a' },
    test: { name: 'some', sha256: 'a' },
    lesson: { kind: 'labels' },
    epochs: 1,
    seed: 1,
  };
  /** What takes options, and one that it has. */
  const cases: [string, (more: object) => unknown, known: string][] = [
    ['createEngine', (more) => createEngine({ ...more }), 'threads'],
    ['makeDataset', (more) => makeDataset({ inputs: set.inputs, labels: set.labels, ...more }), 'classNames'],
    ['mlp', (more) => mlp([2, 3], { ...more }), 'dropout'],
    ['mlp’s dropout', (more) => mlp([2, 3], { dropout: { ...more } }), 'hidden'],
    ['parseShorthand', (more) => root.parseShorthand('4,3', { ...more }), 'classes'],
    ['train', (more) => train(engine, { ...base, ...more }), 'unlabeled'],
    ['trainEpochs', (more) => root.trainEpochs(engine, { ...base, ...more }).next(), 'unlabeled'],
    ['train’s control', (more) => train(engine, base, { ...more }), 'onCheckpoint'],
    ['distill', (more) => distill(engine, { ...base, soft, temperature: 2, ...more }), 'temperature'],
    [
      'distill’s control',
      (more) => distill(engine, { ...base, soft, temperature: 2 }, { ...more }),
      'resume',
    ],
    ['recipe', (more) => train(engine, { ...base, recipe: { ...more } }), 'warmup'],
    [
      'optimizer',
      (more) => train(engine, { ...base, recipe: { optimizer: { kind: 'sgd', ...more } } }),
      'nesterov',
    ],
    ['augmentation', (more) => train(engine, { ...base, augment: [more as root.Augmentation] }), 'mirror'],
    ['softTargets', (more) => softTargets(engine, [model], set, { temperature: 2, ...more }), 'augment'],
    ['predict', (more) => predict(engine, model, set, { ...more }), 'temperature'],
    ['evaluate', (more) => evaluate(engine, model, set, { ...more }), 'temperature'],
    ['distillation', (more) => distillation({ soft, temperature: 2, ...more }), 'softWeight'],
    ['custom', (more) => custom({ loss: () => x, ...more }), 'helpers'],
    [
      'a column',
      (more) =>
        train(engine, {
          ...base,
          objective: custom({
            columns: { own: { values: new Float32Array(16), shape: [], ...more } },
            loss: ({ columns }) => columns.own!,
          }),
        }),
      'views',
    ],
    [
      'grayImages',
      (more) =>
        data.grayImages({ shape: [1, 1, 1], data: new Uint8Array(1) }, undefined, { name: 'x', ...more }),
      'classes',
    ],
    ['pairs', (more) => data.pairs(set, { seed: 1, count: 1, ...more }), 'count'],
    [
      'Predictor.create',
      (more) => data.Predictor.create(engine, [architecture], set, { ...more }),
      'classes',
    ],
    [
      'features',
      (more) => objectives.features({ features: new Float32Array(1), units: 1, weight: 1, ...more }),
      'units',
    ],
    ['logits', (more) => objectives.logits({ teachers: [model], ...more }), 'classes'],
    ['logitRegression', (more) => objectives.logitRegression(x, x, { ...more }), 'centered'],
    ['logitsOf', (more) => objectives.logitsOf(engine, [model], set, { ...more }), 'onProgress'],
    ['hiddenOf', (more) => objectives.hiddenOf(engine, model, set, { ...more }), 'onProgress'],
    [
      'selectFeatures',
      (more) =>
        objectives.selectFeatures(new Float32Array(16), set.labels, { count: 1, correlation: 1, ...more }),
      'correlation',
    ],
    [
      'featuresOf',
      (more) => objectives.featuresOf(new Float32Array(4), { size: 2, selected: [0], ...more }),
      'selected',
    ],
    ['checkAligned', (more) => objectives.checkAligned(soft, set, { temperature: 2, ...more }), 'teachers'],
    [
      'distillationLoss',
      (more) => objectives.distillationLoss({ logits: x, labels: x, soft: x }, { temperature: 2, ...more }),
      'form',
    ],
    [
      'adjustBias',
      (more) => ensemble.adjustBias(engine, model, set, { classes: [1], frequency: 0.5, ...more }),
      'frequency',
    ],
    [
      'classClusters',
      (more) => ensemble.classClusters(new Float32Array(3), { classes: 3, count: 1, ...more }),
      'count',
    ],
    [
      'combine',
      (more) => ensemble.combine(engine, new Float32Array(3), [], { classes: 3, ...more }),
      'divergence',
    ],
    [
      'an opinion',
      (more) =>
        ensemble.combine(
          engine,
          Float32Array.of(0.5, 0.5),
          [{ groups: [[0], [1]], probabilities: Float32Array.of(0.5, 0.5), ...more }],
          { classes: 2 },
        ),
      'asked',
    ],
    [
      'predictWithSpecialists',
      (more) => ensemble.predictWithSpecialists(engine, model, [], set, { ...more }),
      'top',
    ],
    [
      'trainSpecialist',
      (more) => ensemble.trainSpecialist(engine, model, { ...specialist, ...more }),
      'earlyStopping',
    ],
    [
      'trainSoftSpecialist',
      (more) => ensemble.trainSoftSpecialist(engine, model, { ...specialist, temperature: 2, ...more }),
      'temperature',
    ],
    [
      'earlyStopping',
      (more) =>
        ensemble.trainSpecialist(engine, model, {
          ...specialist,
          earlyStopping: { validation: set, patience: 1, ...more },
        }),
      'patience',
    ],
    ['a job', (more) => jobs.neededBy({ ...job, ...more }), 'lesson'],
    [
      'a lesson',
      (more) =>
        jobs.neededBy({ ...job, lesson: { kind: 'distillation', teachers: [job], temperature: 2, ...more } }),
      'softWeight',
    ],
    [
      'a runner',
      (more) =>
        new jobs.Runner(engine, { artifacts: jobs.memoryArtifacts(), data: async () => set, ...more }),
      'listener',
    ],
    ['network', (more) => graph.network(architecture, { ...more }), 'prefix'],
    ['shorthandOf', (more) => graph.shorthandOf(architecture, { ...more }), 'names'],
    [
      'session.run',
      async (more) => {
        const session = await engine.load({ step: [graph.ops.assign(x, x)] });
        await session.run('step', { ...more }).finally(() => session.close());
      },
      'patience',
    ],
    ['kdLoss', (more) => graph.ops.kdLoss(x, { soft: x, ...more }), 'beta'],
    ['matmul', (more) => graph.ops.matmul(x, x, { transposeA: true, ...more }), 'transposeB'],
    ['dropout', (more) => graph.ops.dropout(x, { rate: 0.5, stream, ...more }), 'rate'],
    ['normal', (more) => graph.ops.normal([2], { deviation: 1, stream, ...more }), 'deviation'],
    ['uniform', (more) => graph.ops.uniform([2], { bound: 1, stream, ...more }), 'bound'],
    ['permutation', (more) => graph.ops.permutation(2, { capacity: 2, stream, ...more }), 'capacity'],
    [
      'a stream',
      (more) => graph.ops.permutation(2, { capacity: 2, stream: { ...stream, ...more } }),
      'index',
    ],
    [
      'takeImages',
      (more) =>
        graph.ops.takeImages(graph.variable('i', [1, 2, 2, 1], 'u8'), graph.variable('at', [1], 'i32'), {
          ...more,
        }),
      'mirror',
    ],
    ['slice', (more) => graph.ops.slice(x, { start: [0, 0], shape: [1, 1], ...more }), 'start'],
    ['pad', (more) => graph.ops.pad(x, { start: [0, 0], shape: [3, 3], ...more }), 'start'],
    ['writeAtStep', (more) => graph.ops.writeAtStep(graph.variable('y', [2, 2, 3]), x, { ...more }), 'guard'],
    [
      'sgdUpdate',
      (more) =>
        graph.ops.sgdUpdate(x, {
          gradient: x,
          velocity: graph.variable('v', [2, 3]),
          rate: graph.ops.fill(1, []),
          ...more,
        }),
      'momentum',
    ],
    [
      'adamUpdate',
      (more) =>
        graph.ops.adamUpdate(x, {
          gradient: x,
          moments: [graph.variable('m', [2, 3]), graph.variable('v', [2, 3])],
          rate: graph.ops.fill(1, []),
          powers: graph.variable('p', [2]),
          ...more,
        }),
      'epsilon',
    ],
  ];

  test.each(cases)('%s', async (_, call, known) => {
    const sentence = await refusal(() => call({ misspelled: 1 }));
    expect(sentence).toContain('misspelled');
    expect(sentence).toContain(known);
  });

  test.each([
    ['rate', 'recipe: { rate }'],
    ['learningRate', 'recipe: { rate }'],
    ['lr', 'recipe: { rate }'],
    ['schedule', 'recipe: { schedule }'],
    ['optimizer', 'recipe: { optimizer }'],
    ['momentum', "recipe: { optimizer: { kind: 'sgd', momentum } }"],
    ['jitter', 'augment: [{ shift }]'],
    ['dropout', 'mlp(layers, { dropout })'],
    ['relabel', 'distillation({ teachers, temperature })'],
    ['targets', 'a column of the objective'],
    ['loss', 'custom(loss)'],
    ['batchSize', 'batch'],
  ])('%s, which was one once or which people look for, is led to its place', async (name, place) => {
    expect(await refusal(() => train(engine, { ...base, [name]: 1 }))).toContain(place);
    const options = { ...base, soft, temperature: 2, [name]: 1 };
    expect(await refusal(() => distill(engine, options))).toContain(place);
  });

  test('soft and teachers are options of distill, not of train; an objective is one of train', async () => {
    expect(await refusal(() => train(engine, { ...base, soft } as typeof base))).toContain('distill()');
    expect(await refusal(() => train(engine, { ...base, teachers: [model] } as typeof base))).toContain(
      'distillation({ teachers, temperature })',
    );
    const both = { ...base, soft, temperature: 2, objective: labels() };
    expect(await refusal(() => distill(engine, both))).toMatch(/an objective of its own/);
  });
});

describe('a word that there isn’t is shown, and those that there are', () => {
  const recipe = (more: object) => train(engine, { ...base, recipe: more });
  test.each<[string, () => unknown, string]>([
    ['optimizer Adam', () => recipe({ optimizer: { kind: 'Adam' } }), `'sgd' or 'adam', not "Adam"`],
    ['optimizer adamw', () => recipe({ optimizer: { kind: 'adamw' } }), `'sgd' or 'adam', not "adamw"`],
    ['an optimizer’s name alone', () => recipe({ optimizer: 'adam' }), 'must be an object, not "adam"'],
    ['schedule linear', () => recipe({ schedule: 'linear' }), `'cosine' or 'constant', not "linear"`],
    ['initializer xavier', () => recipe({ initializer: 'xavier' }), `'he' or a deviation`],
    ['clip true', () => recipe({ clip: true }), `a positive number or 'none', not true`],
    ['nesterov yes', () => recipe({ optimizer: { kind: 'sgd', nesterov: 'yes' } }), 'nesterov must be'],
    ['nesterov 1', () => recipe({ optimizer: { kind: 'sgd', nesterov: 1 } }), 'nesterov must be'],
    ['nesterov "true"', () => recipe({ optimizer: { kind: 'sgd', nesterov: 'true' } }), 'nesterov must be'],
    [
      'form kl',
      () => distillation({ soft, temperature: 2, form: 'kl' as 'fusion' }),
      `'fusion' or 'two-term' or 'sum', not "kl"`,
    ],
    [
      'divergence kl',
      () => ensemble.combine(engine, new Float32Array(3), [], { classes: 3, divergence: 'kl' as 'forward' }),
      `'forward' or 'reverse', not "kl"`,
    ],
    ['threads "2"', () => createEngine({ threads: '2' as 'auto' }), `'auto', not "2"`],
    ['threads NaN', () => createEngine({ threads: Number.NaN }), `'auto', not NaN`],
    ['fast 1', () => createEngine({ fast: 1 as unknown as boolean }), 'true or false, not 1'],
    [
      'module of bytes',
      () => createEngine({ module: new Uint8Array(8) as unknown as WebAssembly.Module }),
      'must be a WebAssembly.Module, not a Uint8Array of 8',
    ],
    ['dtype f64', () => graph.variable('x', [1], 'f64' as 'f32'), `'f32' or 'u8' or 'i32', not "f64"`],
    [
      'a kind of random stream',
      () => graph.ops.normal([1], { deviation: 1, stream: { kind: 'own' as graph.StreamKind, index: 0 } }),
      `not "own"`,
    ],
    [
      'mode eval',
      () => graph.network(architecture).forward(graph.variable('x', [1, 2]), 'eval' as 'infer'),
      `'train' or 'infer', not "eval"`,
    ],
    ['a kind of job', () => jobs.neededBy({ kind: 'teach' } as unknown as jobs.JobSpec), `not "teach"`],
    [
      'seed "1"',
      () => train(engine, { ...base, seed: '1' as unknown as number }),
      'the seed must be a whole number from 0 to 4294967295, not "1"',
    ],
    ['epochs "3"', () => train(engine, { ...base, epochs: '3' as unknown as number }), 'not "3"'],
    ['batch 2.5', () => train(engine, { ...base, batch: 2.5 }), 'not 2.5'],
    [
      'momentum NaN',
      () => recipe({ optimizer: { kind: 'sgd', momentum: Number.NaN } }),
      'the momentum must be a number from 0 to less than 1, not NaN',
    ],
    ['momentum 1', () => recipe({ optimizer: { kind: 'sgd', momentum: 1 } }), 'not 1'],
    ['decay "0"', () => recipe({ optimizer: { kind: 'sgd', decay: '0' } }), 'the decay must be'],
    ['warmup 5', () => recipe({ warmup: 5 }), 'warmup must be a share from 0 to 1, not 5'],
    ['a recipe of null', () => recipe(null as unknown as object), 'must be an object, not null'],
    [
      'temperature "4"',
      () => distill(engine, { ...base, soft, temperature: '4' as unknown as number }),
      'the temperature must be a positive number, not "4"',
    ],
    [
      'temperature that is missing',
      () => softTargets(engine, [model], set, {} as { temperature: number }),
      'the temperature must be a positive number, not undefined',
    ],
    [
      'signal: a controller',
      () => train(engine, base, { signal: new AbortController() as unknown as AbortSignal }),
      'must be an AbortSignal',
    ],
    [
      'onProgress: a word',
      () => predict(engine, model, set, { onProgress: 'yes' as unknown as () => void }),
      'onProgress of predict must be a function, not "yes"',
    ],
    [
      'onCheckpoint: an object',
      () => train(engine, base, { onCheckpoint: {} as () => void }),
      'onCheckpoint of the control must be a function',
    ],
  ])('%s', async (_, call, part) => {
    expect(await refusal(call)).toContain(part);
  });
});

describe('a loss that is no loss of each sample', () => {
  const { ops } = graph;
  test.each<[string, (step: root.Step) => unknown, RegExp]>([
    [
      '[batch, classes]',
      ({ student }) => student.logits,
      /has the shape \[16,3\], but one number for each sample is needed, \[16\]: sum over the other axes, such as ops.sum\(loss, 1\)/,
    ],
    [
      '[]',
      ({ student }) => ops.mean(student.logits),
      /has the shape \[\].*: leave out the mean or sum over the batch/,
    ],
    [
      '[classes]',
      ({ student }) => ops.sum(student.logits, 0),
      /has the shape \[3\].*: sum over the classes and keep the axis of the batch/,
    ],
    ['a number', () => 3, /must be a tensor \[16\], one number for each sample, not 3/],
    ['nothing', () => undefined, /must be a tensor \[16\], .* not undefined/],
    ['a promise', async ({ student }) => ops.sum(student.logits, 1), /not a promise: write it without async/],
    [
      'an object that has a shape',
      () => ({ shape: [16], dtype: 'f32' }),
      /must be a tensor \[16\], .* not an Object/,
    ],
    ['whole numbers', ({ labels }) => labels, /is of i32, but one of f32 is needed/],
    [
      'a number in an operator',
      ({ student }) => ops.multiply(ops.sum(student.logits, 1), 2 as unknown as graph.Tensor),
      /multiply takes tensors, not 2: use scale or shift/,
    ],
  ])('%s', async (_, loss, message) => {
    const objective = custom(loss as root.Objective['loss']);
    expect(await refusal(() => train(engine, { ...base, objective }))).toMatch(message);
    const weighted = weightedSum([1, labels()], [0.5, objective]);
    expect(await refusal(() => train(engine, { ...base, objective: weighted }))).toMatch(message);
  });

  test('an error of the user’s own comes through as it is', async () => {
    const oops = new Error('oops');
    const objective = custom(() => {
      throw oops;
    });
    await expect(train(engine, { ...base, objective })).rejects.toBe(oops);
  });
});

describe('what is something else', () => {
  const loose = (call: unknown) => call as Loose;
  const old = {
    images: new Uint8Array(4),
    labels: new Uint8Array(2),
    height: 1,
    width: 2,
    size: 2,
    classes: 2,
  };
  const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  test.each<[string, () => unknown, RegExp]>([
    [
      'one teacher in place of a list',
      () => softTargets(engine, model as unknown as [], set, { temperature: 2 }),
      /teachers must be a list of at least one trained model, not an Object/,
    ],
    ['no teachers', () => softTargets(engine, [], set, { temperature: 2 }), /not an array of 0/],
    [
      'one teacher in the step',
      () => distillation({ teachers: model as unknown as [], temperature: 2 }),
      /teachers must be a list/,
    ],
    [
      'an architecture as a teacher',
      () => softTargets(engine, [architecture as unknown as TrainedModel], set, { temperature: 2 }),
      /teachers\[0\] must be a trained model/,
    ],
    [
      'a model that was not awaited',
      () => evaluate(engine, train(engine, base) as unknown as TrainedModel, set),
      /not a promise: await it/,
    ],
    [
      'an engine that was not awaited',
      async () => {
        const starting = createEngine({ threads: 1 });
        try {
          return await train(starting as unknown as Engine, base);
        } finally {
          await (await starting).close();
        }
      },
      /the engine is a promise: write `await createEngine\(\)`/,
    ],
    [
      'no model to evaluate',
      () => loose(evaluate)(engine, undefined, set),
      /the model must be a trained model, .* not undefined/,
    ],
    ['data in place of a model', () => loose(evaluate)(engine, set), /the model must be a trained model/],
    ['an empty list of models', () => evaluate(engine, [], set), /a list of at least one trained model/],
    [
      'a model that went through JSON',
      () => evaluate(engine, throughJson(model), set),
      /must be a Map, .* JSON loses their numbers/,
    ],
    [
      'soft targets as a bare array',
      () => distill(engine, { ...base, soft: soft.probabilities as unknown as SoftTargets, temperature: 2 }),
      /not a Float32Array of 48: a bare array doesn't say its temperature or whose it is/,
    ],
    [
      'soft targets that went through JSON',
      () => distill(engine, { ...base, soft: throughJson(soft), temperature: 2 }),
      /soft targets are what softTargets\(\) or decodeSoftTargets\(\) answers/,
    ],
    [
      'soft targets that were not awaited',
      () =>
        distill(engine, { ...base, soft: Promise.resolve(soft) as unknown as SoftTargets, temperature: 2 }),
      /not a Promise/,
    ],
    [
      'soft targets and teachers together',
      () => loose(distill)(engine, { ...base, soft, teachers: [model], temperature: 2 }),
      /give one of the two/,
    ],
    [
      'neither',
      () => loose(distill)(engine, { ...base, temperature: 2 }),
      /needs soft targets as softTargets\(\) makes them, or teachers/,
    ],
    [
      'logits and teachers together',
      () => loose(objectives.logits)({ logits: new Float32Array(3), classes: 3, teachers: [model] }),
      /give one of the two/,
    ],
    [
      'a checkpoint that went through JSON',
      () => train(engine, base, { resume: throughJson(state) }),
      /whose tensors are a Map, not an Object: keep it with encodeCheckpoint\(\), JSON loses its numbers/,
    ],
    [
      'the bytes of a checkpoint',
      () => train(engine, base, { resume: formats.encodeCheckpoint(state, 'x') as unknown as TrainingState }),
      /a training state is needed/,
    ],
    [
      'a model as the state to resume from',
      () => train(engine, base, { resume: model as unknown as TrainingState }),
      /a training state is needed/,
    ],
    [
      'a data set of earlier versions',
      () => train(engine, { ...base, data: old as unknown as Dataset }),
      /data must be a data set as makeDataset or loadMnist give it, not an Object/,
    ],
    [
      'a data set of earlier versions, to predict',
      () => predict(engine, model, old as unknown as Dataset),
      /data must be a data set/,
    ],
    [
      'a data set of earlier versions, for soft targets',
      () => softTargets(engine, [model], old as unknown as Dataset, { temperature: 2 }),
      /data must be a data set/,
    ],
    [
      'a data set whose labels are bytes',
      () => train(engine, { ...base, data: { ...set, labels: new Uint8Array(16) as unknown as Int32Array } }),
      /data must be a data set/,
    ],
    [
      'a label that is no class',
      () => train(engine, { ...base, data: { ...set, labels: set.labels.map((label) => label + 1) } }),
      /label 2 of the data set is 3, but it has 3 classes/,
    ],
    [
      'a data set whose size isn’t its own',
      () => evaluate(engine, model, { ...set, size: 99 }),
      /says that it has 99 samples of shape \[2\], but it has 32 numbers and 16 labels/,
    ],
    [
      'an architecture in place of a model to begin with',
      () => train(engine, { ...base, initial: architecture as unknown as TrainedModel }),
      /initial must be a trained model/,
    ],
    [
      'an objective’s name',
      () => train(engine, { ...base, objective: 'labels' as unknown as root.Objective }),
      /objective must be one such as labels\(\)/,
    ],
    [
      'an objective that wasn’t called',
      () => train(engine, { ...base, objective: labels as unknown as root.Objective }),
      /objective must be one such as labels\(\) or distillation\(…\), not a function/,
    ],
    [
      'a loss in place of an objective in a sum',
      () => weightedSum([1, (() => 0) as unknown as root.Objective]),
      /term 1 of weightedSum must be \[weight, objective\]/,
    ],
    ['an objective alone in a sum', () => loose(weightedSum)(labels()), /term 1 of weightedSum/],
    [
      'a weight that is no number',
      () => weightedSum(['1' as unknown as number, labels()]),
      /the weight of term 1 must be a finite number, or a ramp such as \{ from: 4, to: 0 \}, not "1"/,
    ],
    [
      'weights of a sum that are all 0',
      () => weightedSum([0, labels()], [{ from: 0, to: 0 }, labels()]),
      /the terms of weightedSum all have the weight 0, so that nothing is learned: give one another weight/,
    ],
    [
      'one augmentation in place of a list',
      () => train(engine, { ...base, augment: { shift: 1 } as unknown as [] }),
      /augment must be a list such as \[\{ shift: 2 \}\], not an Object/,
    ],
    [
      'two shifts',
      () => data.viewCount([{ shift: 1 }, { shift: 2 }]),
      /each kind of augmentation can be given once/,
    ],
    [
      'a mirror that is false',
      () => data.viewCount([{ mirror: false as true }]),
      /mirror is true or left out, not false/,
    ],
    [
      'asked by true and false',
      () =>
        ensemble.combine(
          engine,
          Float32Array.of(0.5, 0.5),
          [
            {
              groups: [[0], [1]],
              probabilities: Float32Array.of(0.5, 0.5),
              asked: [true] as unknown as Uint8Array,
            },
          ],
          { classes: 2 },
        ),
      /asked must be a Uint8Array of 0 and 1/,
    ],
    [
      'an ArrayBuffer in place of bytes',
      () => loose(decodeModel)(new ArrayBuffer(8), 'mine'),
      /mine must be a Uint8Array, not an ArrayBuffer: write new Uint8Array\(buffer\)/,
    ],
    [
      'weights of another type',
      () =>
        encodeModel({
          ...model,
          weights: new Map(
            [...model.weights].map(([name, values]) => [
              name,
              Float64Array.from(values) as unknown as Float32Array,
            ]),
          ),
        }),
      /must be a Float32Array, not a Float64Array/,
    ],
  ])('%s', async (_, call, message) => {
    expect(await refusal(call)).toMatch(message);
  });

  test('a file of 8 bits, which only wasm-distill/infer runs, isn’t decoded as a model', () => {
    expect(() => decodeModel(encodeInt8Model(model), 'small')).toThrow(
      expect.objectContaining({
        code: 'bad-file',
        message: expect.stringMatching(/small.*wasm-distill\/infer/),
      }),
    );
  });
});

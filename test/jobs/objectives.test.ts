import { afterAll, describe, expect, it } from 'vitest';
import { createEngine, mlp, parseShorthand, train, weightsSha256 } from 'wasm-distill';
import type { ExternalModel } from 'wasm-distill/data';
import {
  type Lesson,
  memoryArtifacts,
  modelSha256,
  neededBy,
  Runner,
  type TrainJob,
} from 'wasm-distill/jobs';
import {
  activationsOf,
  attention,
  distillation,
  entryOf,
  hiddenOf,
  labels,
  logitsOf,
  type ObjectiveName,
  objectiveCatalog,
  similarity,
  weightedSum,
} from 'wasm-distill/objectives';
import { runnerOver, setting } from './jobs.ts';

const one = await createEngine({ threads: 1 });
const three = await createEngine({ threads: 3 });
afterAll(async () => {
  await one.close();
  await three.close();
});

type Objectives = Extract<Lesson, { kind: 'objectives' }>;

const network = (text: string) =>
  parseShorthand(text, { input: { shape: [12, 12, 1] }, classes: 10 }).architecture;

/** Layers 1 and 3 are maps after their ReLUs: 6 × 6 and 6 × 6 of the one, 12 × 12 and 6 × 6 of the other. */
const pairs = [{ student: '1', teacher: '3' }];

function teacher(): TrainJob {
  return { ...setting.teacher, architecture: network('nobn conv4 pool conv6 dense10'), epochs: 2 };
}

function student(lesson: Omit<Objectives, 'kind'>): TrainJob {
  const architecture = network('nobn conv4s2 dense12 dense10');
  return { ...setting.student, architecture, lesson: { kind: 'objectives', ...lesson } };
}

/** Soft targets, which stand in for themselves until the teacher was asked. */
const KD: Objectives['terms'] = [{ weight: 1, objective: 'kd' }];

function threeTerms(): TrainJob {
  return student({
    teachers: [teacher()],
    terms: [
      { weight: 1, objective: 'kd', options: { temperature: 3 } },
      { weight: 2, objective: 'attention', options: { layers: pairs } },
      { weight: 100, objective: 'similarity' },
    ],
  });
}

const hashes = async (runner: Runner, jobs: readonly TrainJob[]) =>
  Promise.all((await runner.train(jobs)).map(({ model }) => weightsSha256(model)));

describe('a lesson of objectives', () => {
  it('teaches as train() does, with the same bits on 1 and 3 threads', async () => {
    const { engine, train: data } = setting;
    const job = threeTerms();
    const runner = runnerOver();
    const [hash] = await hashes(runner, [job]);
    const { model } = await runner.trained(teacher());
    const objective = weightedSum(
      [1, distillation({ teachers: [model], temperature: 3 })],
      [2, attention({ teacher: model, layers: pairs })],
      [100, similarity({ teacher: model })],
    );
    expect(objective.teachers).toEqual([model]);
    const { architecture, epochs, seed, batch } = job;
    const byHand = await train(engine, { architecture, epochs, seed, batch, data, objective });
    expect(hash).toBe(await weightsSha256(byHand));
    for (const other of [one, three])
      expect(await hashes(runnerOver(memoryArtifacts(), { engine: other }), [job])).toEqual([hash]);
  });

  it('goes on after it was stopped, to the same bits', async () => {
    const job = { ...threeTerms(), epochs: 4, augment: [{ shift: 1 }] };
    const [whole] = await hashes(runnerOver(), [job]);
    const artifacts = memoryArtifacts();
    const controller = new AbortController();
    const runner = runnerOver(artifacts, {
      signal: controller.signal,
      listener: {
        learned: ({ title }, history) => {
          if (title === 'student' && history.length === 2) controller.abort();
        },
      },
    });
    await expect(runner.run([job])).rejects.toMatchObject({ code: 'aborted' });
    const epochs: number[] = [];
    const listener = {
      learned: (_: TrainJob, history: readonly unknown[]) => void epochs.push(history.length),
    };
    expect(await hashes(runnerOver(artifacts, { listener }), [job])).toEqual([whole]);
    expect(epochs).toEqual([3, 4]);
  });

  it('goes on in two stages, each of which can be stopped, to the same bits', async () => {
    const { engine, train: data } = setting;
    const first: TrainJob = {
      ...student({
        teachers: [teacher()],
        terms: [{ weight: 1, objective: 'attention', options: { layers: pairs } }],
      }),
      ...{ title: 'first', epochs: 3, upTo: '1' },
    };
    const second: TrainJob = {
      ...student({
        teachers: [teacher()],
        terms: [
          { weight: 1, objective: 'labels' },
          { weight: { from: 4, to: 0, until: 0.5 }, objective: 'kd' },
        ],
      }),
      ...{ title: 'second', initial: first },
    };
    const runner = runnerOver();
    const [whole] = await hashes(runner, [second]);
    const { model } = await runner.trained(teacher());
    const { architecture, seed, batch } = first;
    const shared = { architecture, seed, batch, data };
    const hinted = await train(engine, {
      ...{ ...shared, epochs: 3, upTo: '1' },
      objective: weightedSum([1, attention({ teacher: model, layers: pairs })]),
    });
    const kd = distillation({ teachers: [model], temperature: 4 });
    const byHand = await train(engine, {
      ...{ ...shared, epochs: second.epochs, initial: hinted },
      objective: weightedSum([1, labels()], [{ from: 4, to: 0, until: 0.5 }, kd]),
    });
    expect(whole).toBe(await weightsSha256(byHand));
    const artifacts = memoryArtifacts();
    const learned: string[] = [];
    for (const stop of ['first 1', 'second 2', 'never']) {
      const controller = new AbortController();
      const listener = {
        learned: ({ title }: TrainJob, history: readonly unknown[]) => {
          learned.push(`${title} ${history.length}`);
          if (learned.at(-1) === stop) controller.abort();
        },
      };
      const going = runnerOver(artifacts, { listener, signal: controller.signal });
      if (stop === 'never') expect(await hashes(going, [second])).toEqual([whole]);
      else await expect(going.run([second])).rejects.toMatchObject({ code: 'aborted' });
    }
    const stages = learned.filter((one) => !one.startsWith('teacher'));
    expect(stages).toEqual(['first 1', 'first 2', 'first 3', 'second 1', 'second 2', 'second 3']);
    expect(await runner.key({ ...first, upTo: '2' })).not.toBe(await runner.key(first));
    await expect(runner.key({ ...first, upTo: 'top' })).rejects.toThrow(/no layer "top" in the network/);
  });

  it('learns the same of a teacher in the step and of what was kept of it', async () => {
    const terms: Objectives['terms'] = [
      { weight: 1, objective: 'kd' },
      { weight: 1, objective: 'dkd' },
      { weight: 30, objective: 'probabilistic' },
    ];
    const lesson = { teachers: [setting.teacher], terms };
    const kept = student({ ...lesson, kept: true });
    expect(neededBy(kept).map(({ title }) => title)).toEqual(['soft targets', 'logits', 'hidden units']);
    expect(neededBy(student(lesson))).toEqual([setting.teacher]);
    const runner = runnerOver();
    const [a, b] = await hashes(runner, [student(lesson), kept]);
    expect(a).toBe(b);
    expect(await runner.key(student(lesson))).not.toBe(await runner.key(kept));
  });

  it('learns from labels alone where no term needs a teacher', async () => {
    const lesson: Omit<Objectives, 'kind'> = { terms: [{ weight: 1, objective: 'labels' }] };
    const [a, b] = await hashes(runnerOver(), [
      student(lesson),
      { ...student(lesson), lesson: { kind: 'labels' } },
    ]);
    expect(a).toBe(b);
  });

  it('every objective of the catalog is told by its name, options and teachers in the key', async () => {
    const { architecture } = student({ terms: [] });
    const options = (objective: ObjectiveName) => {
      const { taps } = entryOf(objective);
      if (objective === 'fsp')
        return { layers: ['0', '1'].map((layer) => ({ student: layer, teacher: layer })) };
      return taps?.options(taps.choose?.(architecture, teacher().architecture) ?? []) ?? {};
    };
    const jobs = (Object.keys(objectiveCatalog) as ObjectiveName[]).map((objective) =>
      student({
        ...(objectiveCatalog[objective].needs.teacher !== 'none' && { teachers: [teacher()] }),
        terms: [{ weight: 1, objective, options: options(objective) } as Objectives['terms'][number]],
      }),
    );
    const dkd = { weight: 1, objective: 'dkd' } as const;
    const others = [
      student({ teachers: [teacher()], terms: [{ ...dkd, weight: 2 }] }),
      student({ teachers: [teacher()], terms: [{ ...dkd, options: { beta: 2 } }] }),
      student({ teachers: [teacher(), teacher()], terms: [dkd] }),
      { ...student({ teachers: [teacher()], terms: [dkd] }), initial: setting.student },
      student({ teachers: [teacher(), setting.student], terms: [dkd] }),
    ];
    const runner = runnerOver();
    const keys = await Promise.all([...jobs, ...others].map((job) => runner.key(job)));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('teachers from elsewhere', () => {
  const sha256 = 'ab'.repeat(32);
  const reference = { kind: 'model', name: 'a service', sha256 } as const;

  async function runner(
    job = setting.teacher,
    inside?: { layer: string; featuresShape: readonly number[] },
  ): Promise<{ runner: Runner; external: ExternalModel }> {
    const { engine, train: data } = setting;
    const own = (await runnerOver().train([job]))[0]!.model;
    const hidden = inside
      ? await activationsOf(engine, own, data, inside.layer)
      : await hiddenOf(engine, own, data);
    const logits = await logitsOf(engine, [own], data);
    const answers = (all: Float32Array) => {
      let at = 0;
      return async ({ values }: { values: ArrayLike<number> }) => {
        const count = (values.length / 144) * (all.length / data.size);
        const part = all.slice(at, at + count);
        at = (at + count) % all.length;
        return part;
      };
    };
    const external = {
      ...{ name: 'a service', sha256, classes: 10 },
      logits: answers(logits),
      features: answers(hidden),
      ...(inside && { featuresShape: inside.featuresShape }),
    };
    const options = { artifacts: memoryArtifacts(), data: async () => data, models: async () => external };
    return { runner: new Runner(engine, options), external };
  }

  it('are asked before where they can’t run in a step', async () => {
    const terms: Objectives['terms'] = [
      { weight: 1, objective: 'dkd' },
      { weight: 100, objective: 'similarity' },
    ];
    const { runner: elsewhere } = await runner();
    const [byAsking] = await hashes(elsewhere, [student({ teachers: [reference], terms, kept: true })]);
    const [inStep] = await hashes(runnerOver(), [student({ teachers: [setting.teacher], terms })]);
    expect(byAsking).toBe(inStep);
    await expect(elsewhere.key(student({ teachers: [reference], terms }))).rejects.toThrow(
      /a service can't run in a training step, .*kept: true/,
    );
  });

  it('have their maps attended to, which are kept with their shape', async () => {
    const terms = (layers: readonly { student: string; teacher?: string }[]): Objectives['terms'] => [
      { weight: 2, objective: 'attention', options: { layers, power: 1 } },
      { weight: 1, objective: 'kd' },
    ];
    const kept = student({ teachers: [reference], terms: terms([{ student: '1' }]), kept: true });
    expect(neededBy(kept).map(({ title }) => title)).toEqual(['hidden units', 'soft targets']);
    const { runner: elsewhere } = await runner(teacher(), { layer: '3', featuresShape: [6, 6, 6] });
    const [byAsking] = await hashes(elsewhere, [kept]);
    const inStep = student({ teachers: [teacher()], terms: terms(pairs) });
    expect([byAsking]).toEqual(await hashes(runnerOver(), [inStep]));
    for (const [shape, sentence] of [
      [[216], /attention looks at maps of images, but what was kept of its teacher are rows of 216/],
      [[4, 9, 6], /maps of 6 × 6 of the student and 4 × 9 of the teacher/],
      [[6, 6, 5], /the features of a service are of shape \[6,6,5\], but it answers 216 a sample/],
    ] as const) {
      const { runner: other } = await runner(teacher(), { layer: '3', featuresShape: shape });
      await expect(other.run([kept])).rejects.toThrow(sentence);
    }
    const named = student({ teachers: [reference], terms: terms(pairs), kept: true });
    await expect(elsewhere.run([named])).rejects.toThrow(
      /of one layer of its teacher: give one layer of the student/,
    );
    const row = student({ teachers: [reference], terms: terms([{ student: '2' }]), kept: true });
    await expect(elsewhere.run([row])).rejects.toThrow(/attention transfer takes maps of images/);
    const unpaired = student({ teachers: [teacher()], terms: terms([{ student: '1' }]) });
    await expect(runnerOver().run([unpaired])).rejects.toThrow(/layers must be a list of pairs of names/);
  });

  const guided = (place: string, hint?: string): Objectives['terms'][number] => ({
    ...{ weight: 0.01, objective: 'fitnets' },
    options: { guided: place, ...(hint !== undefined && { hint }) },
  });

  it('give hints between maps, which a convolution tells from one another', async () => {
    const terms = (hint?: string) => [{ weight: 1, objective: 'kd' } as const, guided('1', hint)];
    // 12 × 12 of the teacher, before its ReLU, and 6 × 6 of the student: other weights than those of a dense layer.
    const { runner: elsewhere } = await runner(teacher(), { layer: '0', featuresShape: [12, 12, 4] });
    const kept = student({ teachers: [reference], terms: terms(), kept: true });
    const inStep = student({ teachers: [teacher()], terms: terms('0') });
    expect(await hashes(elsewhere, [kept])).toEqual(await hashes(runnerOver(), [inStep]));
    const crossing = await runner(teacher(), { layer: '0', featuresShape: [4, 36, 4] });
    await expect(crossing.runner.run([kept])).rejects.toThrow(
      /maps of 6 × 6 of the student and 4 × 36 of the teacher: one must be the larger one both ways/,
    );
    const row = student({ teachers: [reference], terms: [guided('3')], kept: true });
    await expect(elsewhere.run([row])).rejects.toThrow(
      /a hint of shape \[12,12,4\] can't be regressed from the student's \[12\]: guide a layer .* a map/,
    );
  });

  it('are planned with before they are asked, whatever their terms look at', async () => {
    const attended = (layer: string) =>
      ({ weight: 1, objective: 'attention', options: { layers: [{ student: layer }] } }) as const;
    const architecture = network('nobn conv4k3v conv4k3v dense12 dense10');
    const keyed = (...terms: Objectives['terms']) => {
      const job = student({ teachers: [reference], terms, kept: true });
      return runnerOver().key({ ...job, architecture });
    };
    // Maps of 10 × 10 and 8 × 8, and a row: what suits one doesn't suit the other, but something suits both.
    const keys = await Promise.all([
      keyed(guided('1')),
      keyed(guided('5')),
      keyed(guided('1'), guided('5')),
      keyed(guided('1'), attended('3')),
      keyed(attended('1'), attended('3')),
    ]);
    expect(new Set(keys).size).toBe(5);
    await expect(keyed({ weight: 1, objective: 'fitnets' })).rejects.toThrow(/guided must be a layer's name/);
  });

  it('run in the step where they are networks', async () => {
    const { engine, train: data } = setting;
    const own = (await runnerOver().train([setting.teacher]))[0]!.model;
    const model = { kind: 'model', name: 'own', sha256: await modelSha256(own) } as const;
    const terms: Objectives['terms'] = [{ weight: 1, objective: 'dkd' }];
    const options = { artifacts: memoryArtifacts(), data: async () => data, models: async () => own };
    const given = new Runner(engine, options);
    const [a] = await hashes(given, [student({ teachers: [model], terms })]);
    expect([a]).toEqual(await hashes(runnerOver(), [student({ teachers: [setting.teacher], terms })]));
    await expect(given.key(student({ teachers: [{ ...model, sha256: 'cd' }], terms }))).rejects.toThrow(
      /own is another model than the job names/,
    );
  });
});

describe('a lesson that can’t be', () => {
  const sentences: [string, () => TrainJob, RegExp][] = [
    ['no terms', () => student({ terms: [] }), /a lesson needs at least one term/],
    [
      'an objective that there isn’t',
      () => student({ terms: [{ weight: 1, objective: 'magic' as never }] }),
      /the objective of term 1 must be one of labels, smoothing.*not "magic"/,
    ],
    [
      'an option that it doesn’t have',
      () => student({ terms: [{ weight: 1, objective: 'smoothing', options: { alpha: 1 } as never }] }),
      /smoothing has no option alpha: there are epsilon/,
    ],
    [
      'an option out of range',
      () => student({ terms: [{ weight: 1, objective: 'smoothing', options: { epsilon: 2 } }] }),
      /epsilon of smoothing must be a number from 0 to 1, not 2/,
    ],
    [
      'no weight',
      () => student({ terms: [{ weight: Number.NaN, objective: 'labels' }] }),
      /the weight of term 1 must be a finite number/,
    ],
    [
      'weights that are all 0',
      () =>
        student({
          teachers: [teacher()],
          terms: [
            { weight: 0, objective: 'labels' },
            { weight: { from: 0, to: 0 }, objective: 'kd' },
          ],
        }),
      /the terms of a lesson all have the weight 0, so that nothing is learned/,
    ],
    [
      'no teacher',
      () => student({ terms: [{ weight: 1, objective: 'dkd' }] }),
      /dkd needs a teacher: give the lesson some/,
    ],
    [
      'a teacher for nothing',
      () => student({ teachers: [teacher()], terms: [{ weight: 1, objective: 'labels' }] }),
      /none of labels learns from a teacher/,
    ],
    [
      'two teachers of a relation',
      () => student({ teachers: [teacher(), teacher()], terms: [{ weight: 1, objective: 'similarity' }] }),
      /similarity learns from one teacher, but the lesson has 2/,
    ],
    [
      'kept layers',
      () =>
        student({
          ...{ teachers: [teacher()], kept: true },
          terms: [{ weight: 1, objective: 'fsp', options: { layers: [...pairs, ...pairs] } }],
        }),
      /fsp looks into the layers of its teacher, of which nothing is kept/,
    ],
    [
      'kept numbers of augmented samples',
      () => ({
        ...student({ teachers: [teacher()], kept: true, terms: [{ weight: 1, objective: 'dkd' }] }),
        augment: [{ shift: 1 }],
      }),
      /dkd learns from what was kept of the samples as they are/,
    ],
    [
      'a layer that there isn’t',
      () =>
        student({
          teachers: [teacher()],
          terms: [
            { weight: 1, objective: 'attention', options: { layers: [{ student: '1', teacher: 'top' }] } },
          ],
        }),
      /student: the teacher: .*top.*there are/,
    ],
    [
      'batches of one',
      () => ({
        ...student({ teachers: [teacher()], terms: [{ weight: 1, objective: 'similarity' }] }),
        batch: 1,
      }),
      /relations between samples need batches of at least 2/,
    ],
  ];

  it.each(sentences)('%s', async (_, job, sentence) => {
    const told: string[] = [];
    const runner = runnerOver(memoryArtifacts(), {
      listener: { started: ({ title }) => void told.push(title) },
    });
    await expect((async () => runner.run([job()]))()).rejects.toThrow(sentence);
    expect(told).toEqual([]);
  });

  it.each([
    ['verification', /student: verification tells classes from each other, but all labels are of one class/],
    ['triplet', /student: the triplet loss tells classes from each other, but all labels are of one class/],
  ] as const)('one class, of %s', async (objective, sentence) => {
    const { engine, train: data } = setting;
    const told: string[] = [];
    const runner = new Runner(engine, {
      artifacts: memoryArtifacts(),
      data: async () => ({ ...data, labels: new Int32Array(data.size).fill(3) }),
      listener: { started: ({ title }) => void told.push(title) },
    });
    const terms = [{ weight: 1, objective }, ...KD] as Objectives['terms'];
    const job = student({ teachers: [teacher()], kept: true, terms });
    await expect(runner.run([job])).rejects.toThrow(sentence);
    expect(told).toEqual([]);
  });

  it('rows that no mirror turns', async () => {
    const { engine, train: data } = setting;
    const inputs = { ...data.inputs, shape: [144] };
    const runner = new Runner(engine, {
      artifacts: memoryArtifacts(),
      data: async () => ({ ...data, inputs }),
    });
    const job = student({ terms: [{ weight: 1, objective: 'symmetric-attention' }] });
    const rows = { ...job, architecture: mlp([144, 8, 10]) };
    await expect(runner.run([rows])).rejects.toThrow(
      'symmetric attention mirrors images [height, width, channels], but samples are [144]',
    );
  });

  it('logits kept of augmented samples, in a lesson of their own', async () => {
    const told: string[] = [];
    const listener = { started: ({ title }: TrainJob) => void told.push(title) };
    const job: TrainJob = {
      ...setting.student,
      ...{ lesson: { kind: 'logits', teachers: [setting.teacher] }, augment: [{ shift: 1 }] },
    };
    await expect(runnerOver(memoryArtifacts(), { listener }).run([job])).rejects.toThrow(
      'student: kept logits are of the samples as they are',
    );
    expect(told).toEqual([]);
  });

  it('labels that there are none of', async () => {
    const { engine, train: data } = setting;
    const labels = new Int32Array(data.size).fill(-1);
    const artifacts = memoryArtifacts();
    const runner = new Runner(engine, { artifacts, data: async () => ({ ...data, labels }) });
    const job = student({ teachers: [teacher()], terms: [{ weight: 1, objective: 'dkd' }] });
    await expect(runner.run([job])).rejects.toThrow(/dkd learns from labels, but no sample has one/);
  });
});

import type { Engine, Session } from '../backends/backend.js';
import { checkEngine, checkNames } from '../checks.js';
import { type Dataset, type Samples, sameKind } from '../data/dataset.js';
import { type Feed, type ResidentFeed, residentFeed } from '../data/feed.js';
import type { FeedBatch } from '../data/kept-samples.js';
import { checkData, inputsLike, isStream, type SampleStream } from '../data/stream.js';
import { streamFeed } from '../data/stream-feed.js';
import { aborted, DistillError, demand } from '../errors.js';
import { type Tensor, type Variable, variable } from '../graph/tensor.js';
import { type Architecture, checkFits, forData } from '../nn/architecture.js';
import { checkModels, type TrainedModel } from '../nn/model-file.js';
import { type Activations, type Network, network } from '../nn/network.js';
import { writeWeights } from '../nn/weights.js';
import { writeAtStep } from '../ops/effects.js';

export interface ForwardControl {
  signal?: AbortSignal | undefined;
  /** Called some times a second. What it throws or rejects with ends the work and rejects it. */
  onProgress?: ((progress: { samples: number; totalSamples: number }) => void) | undefined;
}

/** The names of a ForwardControl. */
export const CONTROL_NAMES = ['signal', 'onProgress'] as const;

/** What to compute from the models for a batch, and if need be from its samples: f32 [batch, columns]. */
export type Output = (models: readonly Activations[], batch: FeedBatch) => Tensor;

const BATCH = 100;

/** The forward pass of models over a data set or stream, compiled once for any weights. */
export class Forward {
  private constructor(
    private readonly session: Session,
    private readonly models: readonly Network[],
    private readonly feed: Feed | ResidentFeed,
    private readonly output: Variable<'f32'>,
    private readonly data: Dataset | SampleStream,
  ) {}

  /** `classes`: how many the models must have (default: the data's). */
  static async create(
    engine: Engine,
    architectures: readonly Architecture[],
    data: Dataset | SampleStream,
    outputOf: Output,
    { classes }: { classes?: number | undefined } = {},
  ): Promise<Forward> {
    checkEngine(engine);
    checkData(data);
    const inputs = inputsLike(data);
    demand(architectures.length > 0, 'at least one model is needed');
    for (const architecture of architectures)
      checkFits(architecture, { shape: inputs.shape, classes: classes ?? data.classes });
    const models = architectures.map((architecture, i) =>
      network(forData(architecture, inputs), { prefix: `model${i + 1}.` }),
    );
    const feed = feedOf(data);
    const value = outputOf(
      models.map((model) => model.forward(feed.batch.inputs, 'infer')),
      feed.batch,
    );
    const output = variable('output', [feed.windowSteps, ...value.shape]);
    const session = await engine.load({ ...feed.plans, forward: [writeAtStep(output, value)] });
    try {
      await feed.load(session);
    } catch (error) {
      await session.close();
      throw error;
    }
    return new Forward(session, models, feed, output, data);
  }

  /** Replaces the data's samples with others of the same number and shape. */
  async show(inputs: Samples): Promise<void> {
    const { data, feed } = this;
    demand(
      !isStream(data) && 'show' in feed,
      'samples can be replaced in memory only: make another predictor for other samples of a stream',
    );
    demand(
      sameKind(inputs, data.inputs),
      () => `other samples must be as many of the same shape, [${data.inputs.shape}]`,
    );
    await feed.show(this.session, inputs);
  }

  /** The output for every sample, [size, columns]. @throws DistillError 'diverged' if one isn't finite. */
  async run(
    trained: readonly TrainedModel[],
    { signal, onProgress }: ForwardControl = {},
  ): Promise<Float32Array> {
    for (const [i, model] of this.models.entries()) await writeWeights(this.session, model, trained[i]!);
    const { size } = this.data;
    const { stepsPerEpoch: steps, batchSize } = this.feed;
    const columns = this.output.shape[2]!;
    const values = roomFor(size, columns);
    const report = (step: number) =>
      onProgress?.({ samples: Math.min(size, step * batchSize), totalSamples: size });
    for (let from = 0; from < steps; ) {
      const ready = await this.feed.begin(this.session, 0, { from, signal });
      const options = { from, steps: ready - from, signal, onStep: onProgress && report };
      const reached = ready === from ? from : await this.session.run('forward', options);
      if (reached === from || reached < ready) throw aborted('the prediction was stopped', signal);
      await this.#collect(values, from, ready);
      from = ready;
    }
    await report(steps);
    const bad = values.findIndex((v) => !Number.isFinite(v));
    if (bad >= 0)
      throw new DistillError(
        'diverged',
        `the model gives ${values[bad]} for sample ${Math.floor(bad / columns)}: its weights are unusable`,
      );
    return values;
  }

  /** Copies what some steps have put out to where it belongs among all samples'. */
  async #collect(values: Float32Array, from: number, to: number): Promise<void> {
    const output = await this.session.read(this.output);
    const [rows, batch, columns] = this.output.shape as [number, number, number];
    for (let step = from; step < to; step++) {
      const at = step * batch * columns;
      const begin = (step % rows) * batch * columns;
      values.set(output.subarray(begin, begin + Math.min(batch * columns, values.length - at)), at);
    }
  }

  close(): Promise<void> {
    this.feed.close();
    return this.session.close();
  }
}

function roomFor(size: number, columns: number): Float32Array {
  try {
    return new Float32Array(size * columns);
  } catch (cause) {
    const sentence = `this machine refused memory for ${columns} numbers of each of ${size} samples: give fewer samples`;
    throw new DistillError('memory', sentence, { cause });
  }
}

/** All samples, in their order. */
function feedOf(data: Dataset | SampleStream): Feed | ResidentFeed {
  const shared = { batch: BATCH, seed: 0 };
  if (isStream(data)) return streamFeed({ ...shared, data, epochs: 1, shuffle: false });
  const order = Int32Array.from({ length: data.size }, (_, i) => i);
  return residentFeed({ ...shared, data, order: () => order });
}

/** The output of trained models for every sample, [size, columns], once. */
export async function forward(
  engine: Engine,
  models: readonly TrainedModel[],
  data: Dataset | SampleStream,
  outputOf: Output,
  control: ForwardControl = {},
): Promise<Float32Array> {
  checkModels(models, 'the models');
  checkNames(control, 'the control', CONTROL_NAMES);
  const architectures = models.map(({ architecture }) => architecture);
  const pass = await Forward.create(engine, architectures, data, outputOf);
  try {
    return await pass.run(models, control);
  } finally {
    await pass.close();
  }
}

import type { Engine, Session } from '../backends/backend.js';
import { checkEngine, checkNames } from '../checks.js';
import { checkDataset, type Dataset, type Samples, sameKind } from '../data/dataset.js';
import { type Feed, residentFeed } from '../data/feed.js';
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

/** What to compute from the models for a batch: f32 [batch, columns]. */
/** The names of a ForwardControl. */
export const CONTROL_NAMES = ['signal', 'onProgress'] as const;

export type Output = (models: readonly Activations[]) => Tensor;

const BATCH = 100;

/** The forward pass of models over a data set, compiled once for any weights. */
export class Forward {
  private constructor(
    private readonly session: Session,
    private readonly models: readonly Network[],
    private readonly feed: Feed,
    private readonly output: Variable<'f32'>,
    private readonly data: Dataset,
  ) {}

  /** `classes`: how many the models must have (default: the data's). */
  static async create(
    engine: Engine,
    architectures: readonly Architecture[],
    data: Dataset,
    outputOf: Output,
    { classes }: { classes?: number | undefined } = {},
  ): Promise<Forward> {
    checkEngine(engine);
    checkDataset(data);
    demand(architectures.length > 0, 'at least one model is needed');
    for (const architecture of architectures)
      checkFits(architecture, { shape: data.inputs.shape, classes: classes ?? data.classes });
    const models = architectures.map((architecture, i) =>
      network(forData(architecture, data.inputs), { prefix: `model${i + 1}.` }),
    );
    const order = Int32Array.from({ length: data.size }, (_, i) => i);
    const feed = residentFeed({ data, batch: BATCH, seed: 0, order: () => order });
    const value = outputOf(models.map((model) => model.forward(feed.batch.inputs, 'infer')));
    const output = variable('output', [feed.stepsPerEpoch, ...value.shape]);
    const session = await engine.load({ ...feed.plans, forward: [writeAtStep(output, value)] });
    try {
      await feed.load(session);
      await feed.begin(session, 0);
    } catch (error) {
      await session.close();
      throw error;
    }
    return new Forward(session, models, feed, output, data);
  }

  /** Replaces the data's samples with others of the same number and shape. */
  async show(inputs: Samples): Promise<void> {
    demand(
      sameKind(inputs, this.data.inputs),
      () => `other samples must be as many of the same shape, [${this.data.inputs.shape}]`,
    );
    await this.feed.show(this.session, inputs);
  }

  /** The output for every sample, [size, columns]. @throws DistillError 'diverged' if one isn't finite. */
  async run(
    trained: readonly TrainedModel[],
    { signal, onProgress }: ForwardControl = {},
  ): Promise<Float32Array> {
    for (const [i, model] of this.models.entries()) await writeWeights(this.session, model, trained[i]!);
    const [steps, batch, columns] = this.output.shape as [number, number, number];
    const { size } = this.data;
    const report = (step: number) =>
      onProgress?.({ samples: Math.min(size, step * batch), totalSamples: size });
    const reached = await this.session.run('forward', { steps, signal, onStep: onProgress && report });
    if (reached < steps) throw aborted('the prediction was stopped', signal);
    await report(reached);
    const values = (await this.session.read(this.output)).slice(0, size * columns);
    const bad = values.findIndex((v) => !Number.isFinite(v));
    if (bad >= 0)
      throw new DistillError(
        'diverged',
        `the model gives ${values[bad]} for sample ${Math.floor(bad / columns)}: its weights are unusable`,
      );
    return values;
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

/** The output of trained models for every sample, [size, columns], once. */
export async function forward(
  engine: Engine,
  models: readonly TrainedModel[],
  data: Dataset,
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

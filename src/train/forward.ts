import type { Engine, Session } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import { DistillError } from '../errors.js';
import { type Tensor, type Variable, variable } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import type { Network } from '../nn/network.js';
import { writeAtStep } from '../ops/effects.js';
import { takeImages } from '../ops/gather-images.js';
import { atStep } from '../ops/step-read.js';
import { ensembleOf, writeEnsemble } from './ensemble.js';

export interface ForwardControl {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { samples: number; totalSamples: number }) => void) | undefined;
}

/** What is asked of the models for a batch x [batch, …shape]: f32 [batch, columns]. */
export type Output = (models: readonly Network[], x: Tensor) => Tensor;

const BATCH = 100;

/** The forward pass of models over a data set, compiled once for any weights. */
export class Forward {
  private constructor(
    private readonly session: Session,
    private readonly models: readonly Network[],
    private readonly images: Variable,
    private readonly output: Variable<'f32'>,
    private readonly data: Dataset,
  ) {}

  static async create(
    engine: Engine,
    architectures: readonly TrainedModel['architecture'][],
    data: Dataset,
    outputOf: Output,
  ): Promise<Forward> {
    const models = ensembleOf(architectures, 'model');
    const batch = Math.min(BATCH, data.size);
    const steps = Math.ceil(data.size / batch);
    const images = variable('images', [data.size, data.height, data.width, 1], 'u8');
    const order = variable('order', [steps, batch], 'i32');
    const value = outputOf(models, takeImages(images, atStep(order)));
    const output = variable('output', [steps, ...value.shape]);
    const session = await engine.load({ forward: [writeAtStep(output, value)] });
    await session.write(images, data.images);
    await session.write(
      order,
      Int32Array.from({ length: steps * batch }, (_, i) => (i < data.size ? i : -1)),
    );
    return new Forward(session, models, images, output, data);
  }

  /** Puts other images, as many of the same size, in place of the data's. */
  show(images: Uint8Array): Promise<void> {
    return this.session.write(this.images, images);
  }

  /** The output for every sample, [size, columns]. @throws DistillError 'diverged' where one isn't finite. */
  async run(
    weights: readonly TrainedModel[],
    { signal, onProgress }: ForwardControl = {},
  ): Promise<Float32Array> {
    await writeEnsemble(this.session, this.models, weights);
    const [steps, batch, columns] = this.output.shape as [number, number, number];
    const { size } = this.data;
    const report = (step: number) =>
      onProgress?.({ samples: Math.min(size, step * batch), totalSamples: size });
    const reached = await this.session.run('forward', { steps, signal, onStep: onProgress && report });
    if (reached < steps) throw new DistillError('aborted', 'the prediction was stopped');
    report(reached);
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
  const architectures = models.map(({ architecture }) => architecture);
  const pass = await Forward.create(engine, architectures, data, outputOf);
  try {
    return await pass.run(models, control);
  } finally {
    await pass.close();
  }
}

import type { Engine } from '../backends/backend.js';
import type { Dataset, Samples } from '../data/dataset.js';
import { isStream, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { variable } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { assign } from '../ops/effects.js';
import { softmax } from '../ops/softmax.js';
import { type AnyModel, type ExternalModel, logitsOfExternal } from './external.js';
import type { ForwardControl } from './forward.js';
import { meanOf, type Part, parted } from './mean.js';
import { Predictor } from './predictor.js';

/** How many numbers go through a softmax at once: 64 MiB. */
const MOST_NUMBERS = 2 ** 24;

/** Own networks and external models, ready to predict together on samples that can be exchanged. */
export class AnyPredictor {
  private constructor(
    private readonly engine: Engine,
    private readonly own: { models: readonly TrainedModel[]; predictor: Predictor } | undefined,
    private readonly external: readonly ExternalModel[],
    private data: Dataset | SampleStream,
    private readonly temperature: number,
  ) {}

  static async create(
    engine: Engine,
    models: readonly AnyModel[],
    data: Dataset | SampleStream,
    { temperature = 1 }: { temperature?: number | undefined } = {},
  ): Promise<AnyPredictor> {
    const { own, external } = parted(models);
    const architectures = own.map(({ architecture }) => architecture);
    const predictor = own[0] && (await Predictor.create(engine, architectures, data, { temperature }));
    const network = predictor && { models: own, predictor };
    return new AnyPredictor(engine, network, external, data, temperature);
  }

  /** Replaces the data's samples with others of the same number and shape. */
  async show(inputs: Samples): Promise<void> {
    demand(!isStream(this.data), 'samples can be replaced in memory only');
    await this.own?.predictor.show(inputs);
    this.data = { ...this.data, inputs };
  }

  /**
   * Probabilities of every sample averaged over all models, [size, classes]. Of own networks alone they are averaged in
   * the graph; else here, in float64 and the order own networks, external models.
   */
  predict(control: ForwardControl = {}): Promise<Float32Array> {
    const { engine, own, external, data, temperature } = this;
    const parts: Part[] = external.map((model) => ({
      count: 1,
      answer: async (shared) =>
        probabilities(engine, await logitsOfExternal(model, data, shared), data.classes, temperature),
    }));
    if (own)
      parts.unshift({
        count: own.models.length,
        answer: (shared) => own.predictor.predict(own.models, shared),
      });
    return meanOf(parts, data.size * data.classes, control);
  }

  async close(): Promise<void> {
    await this.own?.predictor.close();
  }
}

/** softmax(logits / T), [rows, classes]: by the engine, whose exp is the same everywhere. */
async function probabilities(
  engine: Engine,
  logits: Float32Array,
  classes: number,
  temperature: number,
): Promise<Float32Array> {
  const found = new Float32Array(logits.length);
  const most = Math.max(1, Math.floor(MOST_NUMBERS / classes)) * classes;
  for (let at = 0; at < logits.length; at += most) {
    const some = logits.subarray(at, at + most);
    const z = variable('logits', [some.length / classes, classes]);
    const p = variable('probabilities', z.shape);
    const session = await engine.load({ soften: [assign(p, softmax(z, temperature))] });
    try {
      await session.write(z, some);
      await session.run('soften');
      found.set(await session.read(p), at);
    } finally {
      await session.close();
    }
  }
  return found;
}

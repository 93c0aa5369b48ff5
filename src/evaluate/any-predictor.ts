import type { Engine } from '../backends/backend.js';
import type { Dataset, Samples } from '../data/dataset.js';
import { isStream, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { variable } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { assign } from '../ops/effects.js';
import { softmax } from '../ops/softmax.js';
import { type AnyModel, type ExternalModel, isExternal, logitsOfExternal } from './external.js';
import type { ForwardControl } from './forward.js';
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
    const own = models.filter((model): model is TrainedModel => !isExternal(model));
    const architectures = own.map(({ architecture }) => architecture);
    const predictor = own[0] && (await Predictor.create(engine, architectures, data, { temperature }));
    const network = predictor && { models: own, predictor };
    return new AnyPredictor(engine, network, models.filter(isExternal), data, temperature);
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
  async predict(control: ForwardControl = {}): Promise<Float32Array> {
    const { own, external, data } = this;
    const parts = (own ? 1 : 0) + external.length;
    const shared = (part: number) => sharedControl(control, part, parts);
    const first = own && (await own.predictor.predict(own.models, shared(0)));
    if (first && external.length === 0) return first;
    const sums = new Float64Array(data.size * data.classes);
    if (first) addTo(sums, first, own.models.length);
    for (const [i, model] of external.entries()) {
      const logits = await logitsOfExternal(model, data, shared(i + (own ? 1 : 0)));
      addTo(sums, await probabilities(this.engine, logits, data.classes, this.temperature), 1);
    }
    const count = (own?.models.length ?? 0) + external.length;
    return Float32Array.from(sums, (sum) => sum / count);
  }

  async close(): Promise<void> {
    await this.own?.predictor.close();
  }
}

function addTo(sums: Float64Array, values: Float32Array, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += weight * values[i]!;
}

/** Progress of one of several equal parts, as that of the whole. */
function sharedControl({ signal, onProgress }: ForwardControl, part: number, parts: number): ForwardControl {
  if (!onProgress || parts === 1) return { signal, onProgress };
  return {
    signal,
    onProgress: ({ samples, totalSamples }) =>
      onProgress({ samples: Math.floor((part * totalSamples + samples) / parts), totalSamples }),
  };
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

import type { Engine } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import { residentFeed } from '../data/feed.js';
import { select } from '../data/select.js';
import { isStream, type SampleStream, someOf } from '../data/stream.js';
import { size } from '../graph/shape.js';
import { type Tensor, variable } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { network } from '../nn/network.js';
import { everyLayer, placedLayers } from '../nn/placed-layers.js';
import { writeWeights } from '../nn/weights.js';
import { concat } from '../ops/concat.js';
import { assign } from '../ops/effects.js';
import { max } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';

/** What share of a layer's units answer 0 to everything. */
export interface Silence {
  /** The ReLU layer's name, or its place. */
  readonly layer: string;
  /** 0 to 1. */
  readonly share: number;
}

/** Samples, spread evenly over the data, to which a unit has to answer. */
const SAMPLES = 100;

/**
 * How silent each ReLU layer is: one forward pass, as in training (batch norm by the batch, dropout on), in a session of
 * its own, so that the training's plans stay as they are. A unit of an image layer is a channel.
 */
export async function silences(
  engine: Engine,
  model: TrainedModel,
  data: Dataset | SampleStream,
): Promise<Silence[]> {
  const layers = everyLayer(placedLayers(model.architecture)).filter(({ kind }) => kind === 'relu');
  if (layers.length === 0) return [];
  const some = isStream(data) ? await someOf(data, SAMPLES) : spread(data);
  const order = Int32Array.from({ length: some.size }, (_, i) => i);
  const feed = residentFeed({ data: some, batch: some.size, seed: 0, order: () => order });
  const student = network(model.architecture);
  const { at } = student.forward(feed.batch.inputs, 'train');
  const greatest = layers.map(({ path }) => greatestByUnit(at(path)));
  const output = variable('greatest', [greatest.reduce((sum, { shape }) => sum + shape[0]!, 0)]);
  const session = await engine.load({ ...feed.plans, pass: [assign(output, concat(greatest, 0))] });
  try {
    await feed.load(session);
    await feed.begin(session, 0);
    await writeWeights(session, student, model);
    await session.run('pass', { seed: 0 });
    const values = await session.read(output);
    let begin = 0;
    return layers.map(({ path }, i) => {
      const units = values.subarray(begin, begin + greatest[i]!.shape[0]!);
      begin += units.length;
      return { layer: path, share: units.filter((value) => value <= 0).length / units.length };
    });
  } finally {
    await session.close();
  }
}

function spread(data: Dataset): Dataset {
  const count = Math.min(SAMPLES, data.size);
  return select(
    data,
    Array.from({ length: count }, (_, i) => Math.floor((i * data.size) / count)),
  );
}

/** [batch, …, units] → [units] */
function greatestByUnit(x: Tensor): Tensor {
  const units = x.shape.at(-1)!;
  return max(reshape(x, [size(x.shape) / units, units]), 0);
}

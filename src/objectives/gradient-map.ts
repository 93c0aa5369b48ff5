import { gradients } from '../autodiff/gradients.js';
import { checkNames } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import type { SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { size } from '../graph/shape.js';
import { checkTensor, type Tensor, type Variable } from '../graph/tensor.js';
import { topological } from '../graph/topology.js';
import { kdLoss } from '../ops/kd-loss.js';
import { oneHot } from '../ops/one-hot.js';
import { sum, sumTo } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { scale } from '../ops/unary.js';
import { checkLabels, checkMatrices } from './matrices.js';

/** What a network makes of inputs. */
export interface LabeledInputs {
  /** [batch, classes], computed from the inputs. */
  logits: Tensor;
  /** [batch] i32, −1 = unlabeled. */
  labels: Tensor;
  /** [batch, …shape] f32: a step's inputs, or what became of them on the way to the logits. */
  inputs: Tensor;
}

/**
 * How a sample's cross-entropy moves with each number of its input, J = ∂CE/∂x, [batch, numbers]; zeros for unlabeled
 * samples. Inputs that come from bytes count as 0 to 1, as networks take them: J of bytes as they are would be 255 times
 * smaller. Being graph, it can be differentiated again; it takes that no sample's logits depend on another's.
 * @throws DistillError 'bad-argument'
 */
export function gradientMap(batch: LabeledInputs): Tensor {
  checkNames(batch, 'gradientMap', ['logits', 'labels', 'inputs']);
  const { logits, labels, inputs } = batch;
  checkMatrices('gradientMap', logits);
  checkLabels('gradientMap', labels, logits);
  checkTensor(inputs, 'gradientMap');
  demand(
    inputs.dtype === 'f32' && inputs.shape[0] === logits.shape[0],
    () => `gradientMap: inputs must be f32 [${logits.shape[0]}, …], not ${inputs.dtype} [${inputs.shape}]`,
  );
  const [slope] = gradients(sumTo(kdLoss(logits, { labels }), []), [inputs]);
  const rows = reshape(slope!, [inputs.shape[0]!, size(inputs.shape.slice(1))]);
  return areBytes(inputs) ? scale(rows, 255) : rows;
}

/** Whether they are images as a data set of bytes has them, 0 to 255. */
function areBytes(x: Tensor): boolean {
  return x.op === 'reshape' ? areBytes(x.inputs[0]!) : x.op === 'gatherImages';
}

/** 1 for each sample with a label, 0 for the others. */
export function isLabeled({ labels, logits }: Pick<LabeledInputs, 'labels' | 'logits'>): Tensor {
  return sum(oneHot(labels, logits.shape[1]!), 1);
}

/**
 * Refuses logits by which a sample's loss depends on other samples: then no gradient is one sample's own.
 * @throws DistillError 'bad-argument'
 */
export function refuseMixed(logits: Tensor, objective: string): void {
  const norm = topological([logits]).find(
    ({ op, inputs }) => op === 'normalize' && inputs[1]!.op === 'moments',
  );
  demand(
    !norm,
    () =>
      `${objective} takes each sample's own gradient, but the student's batch norm (${nameOf(norm!)}) mixes the samples of a batch while it trains: give a student without norm layers, in words one that begins with nobn`,
  );
}

/** Of a norm layer: its parameters are called `name.scale` and `name.shift`. */
function nameOf({ inputs }: Tensor): string {
  return (inputs[2] as Variable).name.replace(/\.scale$/, '');
}

/** @throws DistillError 'bad-argument' for data without any label. */
export function checkSomeLabeled(data: Dataset | SampleStream, objective: string): void {
  demand(
    data.labels.some((label) => label >= 0),
    () =>
      `${objective} takes gradients of the loss on labels, but no sample has one: take attention(), which needs none`,
  );
}

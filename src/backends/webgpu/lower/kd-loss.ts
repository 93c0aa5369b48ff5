import type { CompiledNode } from '../../../compiler/node.js';
import type { KdAttributes } from '../../../graph/names.js';
import { float, type Kernel } from '../kernel.js';
import { exponential, logarithm } from '../math.js';
import type { Lowering } from './lowering.js';
import { rowKernel } from './row-groups.js';
import { rowStatistics } from './rows.js';

export const kdLoss: Lowering<'kdLoss'> = (node) => pass(node, node.attributes, { loss: node });

export const kdLossGradient: Lowering<'kdLossGradient'> = (node) =>
  pass(node, node.attributes, { gradient: node, upstream: node.inputs.at(-1)! });

export const kdLossAndGradient: Lowering<'kdLossAndGradient'> = (node, [loss, gradient]) =>
  pass(node, node.attributes, { loss, gradient, upstream: node.inputs.at(-1)! });

interface Outputs {
  loss?: CompiledNode | undefined;
  gradient?: CompiledNode | undefined;
  /** Read if the gradient is computed. */
  upstream?: CompiledNode;
}

/** One dispatch that computes the loss, the gradient or both. */
function pass({ inputs }: CompiledNode, attributes: KdAttributes, outputs: Outputs): Kernel {
  const { temperature, soft, labels } = attributes;
  const { loss, gradient, upstream } = outputs;
  const [z] = inputs as [CompiledNode];
  const [rows, columns] = z.shape as [number, number];
  return rowKernel({
    ...{ name: 'kdLoss', rows, columns },
    reads: {
      z,
      ...(soft && { soft: inputs[1]! }),
      ...(labels && { labels: inputs[soft ? 2 : 1]! }),
      ...(gradient && upstream && { upstream }),
    },
    writes: { ...(loss && { loss }), ...(gradient && { gradient }) },
    globals: `${exponential}${loss ? logarithm : ''}${targetOf(attributes)}`,
    body: `${rowStatistics(temperature)}
${targetSums(attributes, loss !== undefined)}
  if (!writes) { return; }
${loss ? '  if (place == 0u) { loss[row] = logarithm(sum) * weight - agreement; }' : ''}
${gradient ? gradientOf(temperature) : ''}`,
  });
}

/** A class's target: alpha at the label, if there is one, + beta · the soft target. */
function targetOf({ alpha, beta, soft, labels }: KdAttributes): string {
  const terms = [
    ...(soft ? [`soft[row * COLUMNS + c] * ${float(beta)}`] : []),
    ...(labels ? [`select(0.0f, ${float(alpha)}, labels[row] == i32(c))`] : []),
  ];
  return `
fn target_of(row: u32, c: u32) -> f32 { return ${terms.join(' + ')}; }
`;
}

/** Σ t and, for the loss, Σ t·(z − top)/T; a class that isn't a target adds nothing, however unlikely it is. */
function targetSums({ temperature }: KdAttributes, forLoss: boolean): string {
  const agreement = `
    if (t != 0.0f) { agreement += t * ((z[first + c] - top) * ${float(1 / temperature)}); }`;
  return `  var weight = 0.0f;
  var agreement = 0.0f;
  for (var c = place; c < COLUMNS; c += WIDTH) {
    let t = target_of(row, c);
    weight += t;${forLoss ? agreement : ''}
  }
  weight = row_sum(lane, place, weight);
${forLoss ? '  agreement = row_sum(lane, place, agreement);' : ''}`;
}

/** upstream·(Σt·softmax(z/T) − t)/T. */
function gradientOf(temperature: number): string {
  return `  let share = weight / sum;
  let factor = upstream[row] * ${float(1 / temperature)};
  for (var c = place; c < COLUMNS; c += WIDTH) {
    let p = exponential((z[first + c] - top) * ${float(1 / temperature)});
    gradient[first + c] = factor * (p * share - target_of(row, c));
  }`;
}

import type { Shape } from '../../graph/shape.js';
import { foldedWeights } from '../fold-weights.js';
import type { SpecOf } from '../layer-specs.js';
import type { GraphBuilder, Own, Value } from './graph.js';

/**
 * Batch norm stays one, with its running statistics: read back, the model is the same and can be trained on, and
 * runtimes fold it into the layer before when they load it. It wants channels as the second axis, which those of
 * images and rows are; elsewhere its factors and terms are multiplied and added along the last axis.
 */
export function norm(
  { path, input, spec }: { path: string; input: Shape; spec: SpecOf<'norm'> },
  x: Value,
  graph: GraphBuilder,
  own: Own,
): Value {
  const epsilon = spec.epsilon ?? 1e-5;
  const from = input.length === 3 ? x : graph.row(x, path);
  const vector = (suffix: string, values: Float32Array) =>
    graph.floats(`${path}.${suffix}`, [values.length], values);
  if (input.length === 1 || input.length === 3) {
    const suffixes = ['scale', 'shift', 'mean', 'variance'];
    const inputs = [from.name, ...suffixes.map((suffix) => vector(suffix, own[suffix]!))];
    return { ...from, name: graph.node('BatchNormalization', path, inputs, { epsilon: { float: epsilon } }) };
  }
  const [scale, shift, mean, variance] = [own.scale!, own.shift!, own.mean!, own.variance!];
  const ones = new Float32Array(scale.length).fill(1);
  const outputs = { channels: scale.length, inner: 1 };
  const { weights, bias } = foldedWeights(ones, undefined, outputs, {
    scale,
    shift,
    mean,
    variance,
    epsilon,
  });
  const scaled = graph.node('Mul', `${path}.scaled`, [from.name, vector('factor', weights)]);
  return { name: graph.node('Add', path, [scaled, vector('term', bias)]) };
}

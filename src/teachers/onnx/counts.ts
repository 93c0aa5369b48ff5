import { constantsOf } from '../../formats/onnx/constants.js';
import type { OnnxModel, OnnxNode } from '../../formats/onnx/model.js';
import { type Dimensions, onnxShapes } from '../../formats/onnx/shapes.js';
import type { OnnxInput } from './input-plan.js';

/**
 * Multiply-adds of one sample's convolutions and products; undefined where the graph has none, or doesn't tell the shapes
 * of all. `sample` is what the model takes of one.
 */
export function onnxMultiplyAdds(
  { graph }: OnnxModel,
  input: OnnxInput,
  sample: readonly number[],
  name: string,
): number | undefined {
  const inputs = [{ ...input, shape: ['batch', ...sample] }];
  const shapes = onnxShapes({ ...graph, inputs }, name);
  const constants = constantsOf(graph);
  let sum = 0;
  for (const node of graph.nodes) {
    const rule = node.domain === '' ? rules[node.op] : undefined;
    if (!rule || constants.has(node.outputs[0] ?? '')) continue;
    const found = rule(
      node.inputs.map((one) => shapes.get(one)),
      shapes.get(node.outputs[0] ?? ''),
      node,
    );
    if (found === undefined) return undefined;
    sum += found;
  }
  return sum === 0 ? undefined : sum;
}

type Rule = (inputs: readonly Dimensions[], output: Dimensions, node: OnnxNode) => number | undefined;

const rules: Readonly<Record<string, Rule>> = {
  Conv: ([, weights], output) => times(product(weights), product(output?.slice(2))),
  ConvTranspose: ([image, weights]) => times(product(weights), product(image?.slice(2))),
  Gemm: ([, weights]) => product(weights),
  // Of the last dimensions; what lies before them, without the samples, is so many products.
  MatMul: ([a], output) => times(product(a?.slice(-1)), product(output?.slice(1))),
};

function product(sizes: Dimensions): number | undefined {
  return sizes?.reduce<number | undefined>(
    (all, size) => times(all, typeof size === 'number' ? size : undefined),
    1,
  );
}

function times(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

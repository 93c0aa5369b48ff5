import { constantsOf } from '../../../formats/onnx/constants.js';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../../formats/onnx/model.js';

/** Operators that compute from their first input; the others say how. */
const byFirst = ['Clip', 'Dropout', 'ReduceMax', 'ReduceMean', 'Reshape', 'Resize', 'Squeeze', 'Unsqueeze'];

/** How tensors of a graph come from its input. */
export interface Flow {
  /** Those whose numbers are in the file. */
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  /** The node that makes a tensor. */
  maker(tensor: string): OnnxNode | undefined;
  /** The inputs from which a node computes what depends on samples, each as often as it is there. */
  moving(node: OnnxNode): readonly string[];
  /** The nearest tensor that everything passes on its way to all of these. */
  meeting(tensors: readonly string[]): string;
}

/** `input` is the graph's. What doesn't depend on it isn't followed. */
export function flowOf(graph: OnnxGraph, input: string): Flow {
  const constants = constantsOf(graph);
  const makers = new Map(
    graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
  );
  // The nearest tensor that everything passes on its way to each, and how many there are of these (Cooper et al. 2001).
  const before = new Map<string, string>();
  const depths = new Map([[input, 0]]);
  const moving = ({ op, domain, inputs }: OnnxNode) => {
    const computed = domain === '' && byFirst.includes(op) ? inputs.slice(0, 1) : inputs;
    return computed.filter((name) => depths.has(name));
  };
  const meeting = (tensors: readonly string[]) =>
    tensors.reduce((a, b) => {
      let [one, other] = [a, b];
      while (one !== other) {
        if (depths.get(one)! < depths.get(other)!) other = before.get(other)!;
        else one = before.get(one)!;
      }
      return one;
    });
  for (const node of graph.nodes) {
    const from = moving(node);
    if (from.length === 0) continue;
    const at = meeting(from);
    for (const output of node.outputs) {
      if (output === '' || depths.has(output)) continue;
      before.set(output, at);
      depths.set(output, depths.get(at)! + 1);
    }
  }
  return { constants, maker: (tensor) => makers.get(tensor), moving, meeting };
}

import { size } from '../graph/shape.js';
import type { Effect, Plans, Tensor } from '../graph/tensor.js';
import { topological } from '../graph/topology.js';
import type { Engine, Session } from './backend.js';

/**
 * From how many multiply-adds in one step on a GPU takes over. Of 19 million an H200 makes five steps while 16 cores make
 * one (bench/gpu-auto.ts), at 6 µs a kernel; where starting one takes 30 (arXiv 2604.02344), a step's 12 or more take about
 * as long as a few cores with all of it.
 */
export const WORTH_A_GPU = 20e6;

/** An engine that loads large plans into a GPU and small ones into wasm. Its results are those of either. */
export function automaticEngine(webgpu: Engine, wasm: Engine): Engine {
  const engineFor = (plans: Plans) => (multiplyAdds(plans) >= WORTH_A_GPU ? webgpu : wasm);
  return {
    threads: wasm.threads,
    report: () => ({
      ...webgpu.report(),
      threads: wasm.threads,
      reason: `'auto': steps of ${WORTH_A_GPU / 1e6} million multiply-adds and more on the GPU, others in wasm`,
    }),
    load: (plans): Promise<Session> => engineFor(plans).load(plans),
    explain: (plans) => engineFor(plans).explain(plans),
    identity: () => webgpu.identity(),
    divide: () => [automaticEngine(webgpu, wasm)],
    close: () => webgpu.close(),
    [Symbol.asyncDispose]: () => webgpu.close(),
  };
}

/** The multiply-adds of the largest plan's products and convolutions, in one step. */
export function multiplyAdds(plans: Plans): number {
  return Math.max(0, ...Object.values(plans).map(ofPlan));
}

function ofPlan(effects: readonly Effect[]): number {
  return topological<Tensor>(effects.flatMap(({ inputs }) => inputs)).reduce(
    (sum, node) => sum + ofNode(node),
    0,
  );
}

/** Elements of the result times what each is a sum of. */
function ofNode(node: Tensor): number {
  const [a, b] = node.inputs;
  switch (node.op) {
    case 'matmul':
      return size(node.shape) * a!.shape[node.attributes.transposeA ? 0 : 1]!;
    case 'batchedMatmul':
      return size(node.shape) * a!.shape[node.attributes.transposeA ? 1 : 2]!;
    case 'conv2d':
      return size(node.shape) * size(b!.shape.slice(0, -1));
    case 'conv2dInput':
      return size(a!.shape) * size(b!.shape.slice(0, -1));
    case 'conv2dWeight':
      return size(b!.shape) * size(node.shape.slice(0, -1));
    default:
      return 0;
  }
}

import { convolutions, depthwises } from './peers/operator.mjs';

/** What is compared with which peer: time of the peer / ours. */
export interface Comparison {
  id: string;
  /** Of bench/peers/work.mjs. */
  work: string;
  /** Of bench/peers/harness.mjs. */
  peer: string;
  /** Least ratio; without one it only counts in its group. */
  goal?: number;
  group?: string;
}

/** Comparisons that make one row, of their geometric mean, and another of the least of them. */
export interface Group {
  id: string;
  goal: number;
  /** Least ratio of any of them. */
  least: number;
}

export const groups: readonly Group[] = [
  { id: 'conv-vs-tfjs-wasm', goal: 1.4, least: 1.2 },
  { id: 'conv-vs-ort-web', goal: 2, least: 1.2 },
];

/** Forward, by their shapes of 3 × 3. */
const grouped = ({ id }: Group, peer: string, goals: Record<string, number> = {}): Comparison[] =>
  Object.entries(convolutions)
    .filter(([, { w }]) => w[0] === 3)
    .map(([shape]) => {
      const goal = goals[shape];
      const all = { id: `${id}-${shape}`, work: `conv-${shape}`, peer, group: id };
      return goal === undefined ? all : { ...all, goal };
    });

export const comparisons: readonly Comparison[] = [
  { id: 'a-vs-tfjs-wasm-best', work: 'A', peer: 'tfjs-wasm-best', goal: 1.9 },
  { id: 'a-vs-tfjs-wasm-api', work: 'A', peer: 'tfjs-wasm-api', goal: 10 },
  { id: 'a-vs-jax-js', work: 'A', peer: 'jax-js', goal: 2 },
  { id: 'a-vs-torch-avx512', work: 'A', peer: 'torch-avx512', goal: 0.34 },
  { id: 'a-vs-torch-avx2', work: 'A', peer: 'torch-avx2', goal: 0.55 },
  { id: 'c-vs-tfjs-wasm-best', work: 'C', peer: 'tfjs-wasm-best', goal: 2.5 },
  { id: 'c-vs-jax-js', work: 'C', peer: 'jax-js', goal: 11 },
  { id: 'c-vs-torch', work: 'C', peer: 'torch-avx512', goal: 1 },
  { id: 'infer-1-vs-ort-web', work: 'infer-1', peer: 'ort-web', goal: 1.05 },
  { id: 'infer-int8-1-vs-ort-web', work: 'infer-int8-1', peer: 'ort-web', goal: 1.05 },
  { id: 'infer-128-vs-ort-web', work: 'infer-128', peer: 'ort-web', goal: 1.9 },
  { id: 'infer-128-vs-tfjs', work: 'infer-128', peer: 'tfjs-wasm-best', goal: 1.35 },
  ...grouped(groups[0]!, 'tfjs-wasm-best', { '28x28x1-32': 2.5 }),
  ...grouped(groups[1]!, 'ort-web'),
  ...Object.keys(depthwises).map((shape) => ({
    id: `depthwise-vs-tfjs-wasm-${shape}`,
    work: `depthwise-${shape}`,
    peer: 'tfjs-wasm-best',
    goal: 2,
  })),
  { id: 'vgg-vs-jax-js', work: 'vgg-10', peer: 'jax-js', goal: 80 },
  { id: 'vgg-vs-torch', work: 'vgg', peer: 'torch', goal: 0.35 },
  { id: 'attention-vs-torch', work: 'objective-attention', peer: 'torch', goal: 0.5 },
  { id: 'relational-vs-torch', work: 'objective-relational', peer: 'torch', goal: 0.5 },
  { id: 'infer-squeezenet-1-vs-ort-web', work: 'infer-squeezenet-1', peer: 'ort-web', goal: 1.3 },
  { id: 'infer-squeezenet-1-vs-tfjs', work: 'infer-squeezenet-1', peer: 'tfjs-wasm-best', goal: 1.3 },
  { id: 'infer-resnet8-1-vs-ort-web', work: 'infer-resnet8-1', peer: 'ort-web', goal: 1.5 },
];

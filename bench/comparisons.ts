/** What is compared with which peer: time of the peer / ours. */
export interface Comparison {
  id: string;
  /** Of bench/peers/work.mjs. */
  work: string;
  /** Of bench/peers/harness.mjs. */
  peer: string;
  /** Least ratio. */
  goal: number;
}

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
];

/** A training step or an inference that we and the peers do on the same numbers. */
export interface Config {
  name: string;
  kind: 'train' | 'infer';
  /** What is computed with; the work itself holds floats. */
  weights: 'f32' | 'int8';
  layers: number[];
  batch: number;
  lr: number;
  momentum: number;
  temperature: number;
  alpha: number;
}

export interface Arrays {
  layers: { inputs: number; outputs: number; w: Float32Array; b: Float32Array }[];
  x: Float32Array;
  soft: Float32Array;
  labels: Float32Array;
}

export interface Work {
  config: Config;
  arrays: Arrays;
}

export const workNames: string[];
/** A timed training goes back to the first weights after so many steps, off the clock. */
export const stepsBeforeReset: number;
/** How far numbers, ours or a peer's, may be from the reference's, by the work's weights. */
export const tolerance: Record<Config['weights'], number>;
export function makeWork(name: string): Work;
export function writeWork(dir: string, work: Work): Promise<void>;
export function readWork(dir: string): Promise<Work>;
/** `clip`: greatest norm of all gradients together (default: any). */
export function referenceLosses(work: Work, steps?: number, clip?: number): number[];
export function referenceOutputs(work: Work): Float64Array;
export function disagreement(values: ArrayLike<number>, reference: ArrayLike<number>): number;
export function lossDisagreement(losses: number[], reference: number[]): number;

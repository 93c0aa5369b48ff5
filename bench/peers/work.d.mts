import type { Architecture } from 'wasm-distill';

/** A training step, an inference or an operator that we and the peers do on the same numbers. */
interface CommonConfig {
  name: string;
  kind: 'train' | 'infer';
  /** What is computed with; the work itself holds floats. */
  weights: 'f32' | 'int8';
}

interface Recipe {
  batch: number;
  lr: number;
  momentum: number;
  temperature: number;
  alpha: number;
}

export interface MlpConfig extends CommonConfig, Recipe {
  form: 'mlp';
  layers: number[];
}

/** Of layers as this library has them. */
export interface NetworkConfig extends CommonConfig, Recipe {
  form: 'network';
  architecture: Architecture;
}

/** Of a student by an objective, its teacher in the step. */
export interface ObjectiveConfig extends CommonConfig {
  form: 'objective';
  architecture: Architecture;
  teacher: Architecture;
  objective: { kind: string } & Record<string, unknown>;
  batch: number;
  lr: number;
  momentum: number;
}

/** Of images x [n, height, width, channels] and filters w. */
export interface OperatorConfig extends CommonConfig {
  form: 'operator';
  operator: 'conv2d' | 'depthwise';
  x: number[];
  w: number[];
  stride: number;
  padding: number;
}

interface Batch {
  x: Float32Array;
  soft: Float32Array;
  labels: Float32Array;
}

export interface Weighted {
  name: string;
  shape: number[];
  role: 'weight' | 'bias' | 'scale' | 'shift' | 'mean' | 'variance';
  values: Float32Array;
}

export interface MlpWork {
  config: MlpConfig;
  arrays: Batch & { layers: { inputs: number; outputs: number; w: Float32Array; b: Float32Array }[] };
}
export interface NetworkWork {
  config: NetworkConfig;
  arrays: Batch & { parameters: Weighted[] };
}
export interface ObjectiveWork {
  config: ObjectiveConfig;
  arrays: Batch & { parameters: Weighted[]; teacher: Weighted[] };
}
export interface OperatorWork {
  config: OperatorConfig;
  arrays: { x: Float32Array; w: Float32Array };
}
/** Works whose name isn't known when it is compiled. */
export type Work = MlpWork | NetworkWork | ObjectiveWork | OperatorWork;
/** Works of networks, perceptrons or others. */
export type Trainable = MlpWork | NetworkWork;
export type Config = Work['config'];

export const workNames: string[];
/** A timed training goes back to the first weights after so many steps, off the clock. */
export const stepsBeforeReset: number;
/** How far numbers, ours or a peer's, may be from the reference's, by the work's weights. */
export const tolerance: Record<CommonConfig['weights'], number>;
export function makeWork(name: string): Work;
export function writeWork(dir: string, work: Work): Promise<void>;
export function readWork(dir: string): Promise<Work>;
/** `clip`: greatest norm of all gradients together (default: any). */
export function referenceLosses(work: Work, steps?: number, clip?: number): number[];
export function referenceOutputs(work: Work): Float64Array;
export function disagreement(values: ArrayLike<number>, reference: ArrayLike<number>): number;
export function lossDisagreement(losses: number[], reference: number[]): number;

import type { EngineOptions } from 'wasm-distill';

/** What a consumer's work comes to. */
export interface Outcome {
  threads: number;
  weightsSha256: string;
  label: number;
  probabilities: number[];
}

export function work(student: URL | Uint8Array, options?: EngineOptions): Promise<Outcome>;

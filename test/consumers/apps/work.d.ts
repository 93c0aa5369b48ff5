import type { EngineOptions } from 'wasm-distill';

/** What a consumer's work comes to. */
export interface Outcome {
  threads: number;
  weightsSha256: string;
  label: number;
  probabilities: number[];
  /** The names of each of the package's entries. */
  entries: Record<string, string[]>;
}

export function work(student: URL | Uint8Array, options?: EngineOptions): Promise<Outcome>;

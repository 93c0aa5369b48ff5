// For consumers who compile these declarations with an older lib than this project's.
/// <reference lib="esnext.disposable" preserve="true" />
import type { ArrayOf, DType } from '../graph/shape.js';
import type { Plans, Variable } from '../graph/tensor.js';

/** Which backend an engine runs plans on. */
export type BackendName = 'wasm' | 'webgpu' | 'reference';

/** What an engine runs on, and why. */
export interface EngineReport {
  backend: BackendName;
  /** Whether results are bit-identical on any machine, or differ in their last bits from device to device. */
  bits: 'portable' | 'this device';
  threads: number;
  cores: number;
  simd: boolean;
  /**
   * 'exact': the same bits on any machine; 'fast': fused multiply-add; 'given': the module from the options; 'none': no
   * wasm.
   */
  kernels: 'exact' | 'fast' | 'given' | 'none';
  sharedMemory: boolean;
  host: string;
  /** Of 'webgpu': what the GPU's adapter calls itself. */
  adapter?: string;
  /** Of 'webgpu': bytes of the largest tensor, and those that a kernel's invocations may share. */
  limits?: { readonly bufferBytes: number; readonly sharedBytes: number };
  /** Of 'webgpu': whether random numbers are those of wasm, as tested when the engine was opened. */
  equalDraws?: boolean;
  /**
   * Of 'webgpu': what tiles of products are chosen by. Each kind's speed, as a share of the fastest's; that one's
   * multiply-adds a second; and how many invocations fill the GPU. Measured on this device, or estimated, as for a GPU in
   * software.
   */
  speeds?: {
    readonly measured: boolean;
    readonly tiles: readonly number[];
    readonly rate: number;
    readonly full: number;
  };
  /** Why there are this many threads, or why this backend. */
  reason: string;
}

/** What determines the bits of an engine's results: part of every job's key. */
export interface Identity {
  readonly backend: BackendName;
  readonly bits: EngineReport['bits'];
  /** SHA-256 of the kernels. */
  readonly kernels: string;
  /** Version of the random streams. */
  readonly streams: number;
}

/** The seam between graphs and what runs them: kernels on threads, plain float64, a GPU. */
export interface Engine extends AsyncDisposable {
  readonly threads: number;
  report(): EngineReport;
  /**
   * Compiles plans for this engine and loads them into their own memory, exactly as large as needed.
   * @throws DistillError 'memory' if that much can't be allocated.
   */
  load(plans: Plans): Promise<Session>;
  /** The compiled plans as readable text. */
  explain(plans: Plans): string;
  /** What determines the bits of results besides plans, seeds and data: backend, kernels, random streams. */
  identity(): Promise<Identity>;
  /**
   * Splits this engine's threads into teams, as equal as possible, each an engine that runs concurrently with the
   * others. Never more teams than threads. Closing a team closes its threads: close the whole engine instead.
   */
  divide(teams: number): Engine[];
  close(): Promise<void>;
}

/** Values of a variable, row-major: an array of its dtype. */
export type Values = Float32Array | Int32Array | Uint8Array;

export interface RunOptions {
  /** First step; random numbers and per-step arrays depend on it (default 0). */
  from?: number;
  /** How many steps (default 1). */
  steps?: number;
  seed?: number;
  /** Aborting ends the run after the current step; run() then returns the step reached. */
  signal?: AbortSignal | undefined;
  /** Seconds that a thread may be late at a barrier before the run fails (default 60). */
  patience?: number;
  /** Called a few times a second with the number of the next step. If it throws or rejects, the run ends and rejects. */
  onStep?: ((step: number) => void) | undefined;
}

/** Loaded plans with the variables they share. */
export interface Session {
  /** Whether a plan uses the variable. */
  has(variable: Variable): boolean;
  /** Sets a variable's values. @throws DistillError 'bad-argument' for the wrong dtype or number of values. */
  write(variable: Variable, values: Values): Promise<void>;
  /** A copy of a variable's values, in the array of its dtype. */
  read<T extends DType>(variable: Variable<T>): Promise<ArrayOf[T]>;
  /**
   * Runs steps of a plan; returns the step after the last one run, earlier than asked if a signal or guard stopped it.
   */
  run(plan: string, options?: RunOptions): Promise<number>;
  close(): Promise<void>;
}

/** What a run took, in milliseconds. */
export interface Timed {
  ms: number;
  /** CPU time of all the process's threads in it. */
  cpuMs: number;
  /** CPU time of the process since its last run. */
  idleCpuMs: number;
}

export interface Timing {
  kind: 'train' | 'infer';
  /** Steps since the first weights. */
  steps: number;
  subject: { run(n: number): void | Promise<void>; reset?(): void | Promise<void> };
}

export function timed(timing: Timing, n: number): Promise<Timed>;

import type { Timed } from './clock.mjs';
import type { Work } from './work.mjs';

/** A peer's process, ready to be asked. */
export interface Peer {
  name: string;
  version: string;
  detail: string;
  absent?: undefined;
  /** Loads the work that was written into a folder, in place of any before. */
  load(dir: string): Promise<void>;
  /** Losses before each of some steps from the first weights, to which it goes back. Only training works. */
  losses(steps?: number): Promise<number[]>;
  /** The logits [batch, classes]. Only inference works. */
  outputs(): Promise<number[]>;
  /** Times n steps or inferences by the peer's own clock. */
  run(n: number): Promise<Timed>;
  close(): Promise<void>;
}

/** A peer that can't run here, and why. */
export interface Absent {
  name: string;
  absent: string;
}

export const peers: { name: string; works: string[] }[];
export function startPeer(name: string, options?: { env?: Record<string, string> }): Promise<Peer | Absent>;
/** Compares the losses or outputs of a peer that has loaded the work with the reference. */
export function verify(
  peer: Peer,
  work: Work,
): Promise<{ agrees: boolean; worst: number; values: number[]; reference: number[] }>;

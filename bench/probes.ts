import { readFileSync } from 'node:fs';
import { instantiateSync } from '@assemblyscript/loader';
import type { Subject } from './measure.ts';

interface Probes extends Record<string, unknown> {
  multiplyAdd(turns: number, x: number, y: number): number;
  readAll(from: number, bytes: number): number;
  copyAll(from: number, to: number, bytes: number): void;
}

const load = (file: string): Probes =>
  instantiateSync<Probes>(readFileSync(new URL(file, import.meta.url)), {}).exports;

const TURNS = 40_000;
/** Flops of one call of a peak probe. */
export const PEAK_FLOPS = TURNS * 12 * 8;

const probes = load('./probe.wasm');

/** This core's rate of multiply + add on registers: the peak that GEMM is measured against. */
export const peak: Subject = { name: 'peak', run: () => void probes.multiplyAdd(TURNS, 0.1, 0.5) };

/** The same with fused multiply-add, which the fast build is measured against; only where there is relaxed SIMD. */
export function fusedPeak(): Subject {
  const fused = load('./probe-fast.wasm');
  return { name: 'fused peak', run: () => void fused.multiplyAdd(TURNS, 0.1, 0.5) };
}

/** Reading as many bytes as a 1200 × 1200 matrix of floats has. */
export const MATRIX_BYTES = 1200 * 1200 * 4;
export const readMatrix: Subject = { name: 'read', run: () => void probes.readAll(65536, MATRIX_BYTES) };

/**
 * Copying so many bytes (at most 10 MB) to another place. With several `pairs` of places they take turns, so that a copy
 * finds as little in the caches as what it is compared with, which holds as many arrays.
 */
export const copyOf = (bytes: number, pairs = 1): Subject => {
  const whole = Math.ceil(bytes / 64) * 64;
  let pair = 0;
  const run = () => {
    const from = 65536 + 2 * pair * whole;
    probes.copyAll(from, from + whole, whole);
    pair = (pair + 1) % pairs;
  };
  return { name: `copy of ${bytes}`, run };
};

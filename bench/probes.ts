import { readFileSync } from 'node:fs';
import { instantiateSync } from '@assemblyscript/loader';
import type { Subject } from './measure.ts';

interface Probes extends Record<string, unknown> {
  multiplyAdd(turns: number, x: number): number;
  readAll(from: number, bytes: number): number;
}

const { exports: probes } = instantiateSync<Probes>(
  readFileSync(new URL('./probe.wasm', import.meta.url)),
  {},
);

const TURNS = 40_000;
/** Flops of one call of the peak probe. */
export const PEAK_FLOPS = TURNS * 12 * 8;

/** This core's rate of multiply + add on registers: the peak that GEMM is measured against. */
export const peak: Subject = { name: 'peak', run: () => void probes.multiplyAdd(TURNS, 0.1) };

/** Reading as many bytes as a 1200 × 1200 matrix of floats has. */
export const MATRIX_BYTES = 1200 * 1200 * 4;
export const readMatrix: Subject = { name: 'read', run: () => void probes.readAll(65536, MATRIX_BYTES) };

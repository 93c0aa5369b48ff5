import { Header, Limit, MatmulField as F } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';
import { matmul } from './matmul';

/**
 * The products of samples [lo, hi), each as one instruction of matmul: a copy of this one in the scratch, which points to
 * the sample's matrices.
 */
export function batchedMatmul(at: usize, lo: i32, hi: i32, scratch: usize): void {
  const m = <usize>word(at, F.m);
  const n = <usize>word(at, F.n);
  const k = <usize>word(at, F.k);
  const panels = (word(at, F.n) + Limit.panelColumns - 1) / Limit.panelColumns;
  memory.copy(scratch, at, <usize>word(at, Header.words) << 2);
  for (let sample = <usize>lo; sample < <usize>hi; sample++) {
    point(scratch, F.a, address(at, F.a) + ((sample * m * k) << 2));
    point(scratch, F.b, address(at, F.b) + ((sample * k * n) << 2));
    point(scratch, F.c, address(at, F.c) + ((sample * m * n) << 2));
    matmul(scratch, 0, panels, scratch + Limit.copiedInstruction);
  }
}

function point(at: usize, field: i32, to: usize): void {
  store<u32>(at + ((<usize>field) << 2), <u32>to);
}

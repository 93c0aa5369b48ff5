import { shareOfPeak } from './document.ts';
import { flops, productSubject } from './gemm.ts';
import { type Effort, gflops } from './measure.ts';
import { makeWork } from './peers/work.mjs';
import { fusedPeak } from './probes.ts';
import { directStep, stepFlops, trainable } from './steps.ts';
import { LARGE, Yardsticks } from './yardsticks.ts';

/** The rows of the fast build as JSON; run by a Node that has relaxed SIMD, with the effort as its argument. */
const product = { id: 'fast-gemm-1200', m: 1200, k: 1200, n: 1200, goal: 0.94 };
const gemm = productSubject(product, 'kernels-fast');
const work = trainable(makeWork('A'));
const step = directStep(work, { build: 'kernels-fast' });
const yardsticks = new Yardsticks(fusedPeak(), productSubject(LARGE, 'kernels-fast'));
const effort = JSON.parse(process.argv[2]!) as Effort;
await yardsticks.warmUp(effort);
const measured = await yardsticks.interleaved([gemm, step], effort);
const rowOf = (id: string, goal: number, each: number, name: string) =>
  shareOfPeak(id, goal, gflops(each, measured.samples(name)), measured.beside(name));
const rows = [
  rowOf(product.id, product.goal, gemm.calls * flops(product), gemm.name),
  rowOf('fast-step-a', 0.86, stepFlops(work), step.name),
].map((row) => ({ ...row, detail: `${row.detail} with fused multiply-add, Node ${process.version}` }));
process.stdout.write(JSON.stringify(rows));

import { shareOfPeak } from './document.ts';
import { flops, productSubject } from './gemm.ts';
import { type Effort, gflops, interleaved } from './measure.ts';
import { makeWork } from './peers/work.mjs';
import { fusedPeak, PEAK_FLOPS } from './probes.ts';
import { directStep, stepFlops } from './steps.ts';

/** The rows of the fast build as JSON; run by a Node that has relaxed SIMD, with the effort as its argument. */
const product = { id: 'fast-gemm-1200', m: 1200, k: 1200, n: 1200, goal: 0.94 };
const gemm = productSubject(product, 'kernels-fast');
const work = makeWork('A');
const step = directStep(work, { build: 'kernels-fast' });
const peak = fusedPeak();
const samples = await interleaved([peak, gemm, step], JSON.parse(process.argv[2]!) as Effort);
const peakRates = gflops(PEAK_FLOPS, samples.get(peak.name)!);
const rows = [
  shareOfPeak(product.id, product.goal, gflops(flops(product), samples.get(gemm.name)!), peakRates),
  shareOfPeak('fast-step-a', 0.86, gflops(stepFlops(work.config), samples.get(step.name)!), peakRates),
].map((row) => ({ ...row, detail: `${row.detail} with fused multiply-add, Node ${process.version}` }));
process.stdout.write(JSON.stringify(rows));

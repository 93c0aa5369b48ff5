import { atLeast, atMost, type Document, shareOfPeak } from './document.ts';
import { expSubjects } from './exp.ts';
import { flops, productSubject, products } from './gemm.ts';
import { studentSubject } from './infer.ts';
import { type Effort, gflops, interleaved, median, ratios, spread } from './measure.ts';
import { makeWork } from './peers/work.mjs';
import { MATRIX_BYTES, PEAK_FLOPS, peak, readMatrix } from './probes.ts';
import { gzippedBytes } from './size.ts';
import { softmaxSubjects } from './softmax.ts';

/** Rows about single kernels, in this thread. */
export async function kernelRows(document: Document, effort: Effort): Promise<void> {
  const gemms = products.map((product) => ({ product, subject: productSubject(product) }));
  const vector = productSubject({ id: 'gemv-1200', m: 1, k: 1200, n: 1200, goal: 0.8 });
  const softmaxes = [softmaxSubjects(128, 10), softmaxSubjects(128, 1000)];
  const exp = expSubjects();
  const students = await Promise.all(
    ['infer-1', 'infer-int8-1'].map((name) => studentSubject(makeWork(name))),
  );
  const subjects = [
    peak,
    ...gemms.map((g) => g.subject),
    readMatrix,
    vector,
    ...softmaxes.flatMap((s) => [s.kernel, s.plain]),
    exp.kernel,
    exp.plain,
    ...students,
  ];
  const samples = await interleaved(subjects, effort);
  const of = (name: string) => samples.get(name)!;

  const peakRates = gflops(PEAK_FLOPS, of('peak'));
  document.peak = { gflops: median(peakRates), spread: spread(peakRates) };
  for (const { product, subject } of gemms) {
    const rates = gflops(subject.calls * flops(product), of(product.id));
    document.rows.push(shareOfPeak(product.id, product.goal, rates, peakRates));
  }
  const readRates = of('read').map((ms) => MATRIX_BYTES / ms / 1e6);
  const vectorRates = of('gemv-1200').map((ms) => (vector.calls * MATRIX_BYTES) / ms / 1e6);
  document.rows.push(
    atLeast(
      'gemv-1200',
      0.8,
      ratios(vectorRates, readRates),
      `${median(vectorRates).toFixed(1)} of ${median(readRates).toFixed(1)} GB/s read`,
    ),
  );
  for (const { kernel, plain } of softmaxes) {
    const faster = ratios(of(plain.name), of(kernel.name));
    document.rows.push(atLeast(kernel.name, 8, faster, 'times as fast as plain JavaScript'));
  }
  const expFaster = ratios(of('Math.exp'), of('exp'));
  const row = atLeast(
    'exp',
    9,
    expFaster,
    `times as fast as Math.exp; largest error ${exp.ulp.toFixed(2)} ulp (≤ 1)`,
  );
  document.rows.push({ ...row, met: row.met && exp.ulp <= 1 });
  const int8Faster = ratios(of('infer-1'), of('infer-int8-1'));
  document.rows.push(atLeast('infer-int8-1', 2, int8Faster, 'times as fast as the f32 student, batch 1'));
  document.rows.push(atMost('kernels-gz-bytes', 20_000, [gzippedBytes()], 'bytes of kernels.wasm gzipped'));
}

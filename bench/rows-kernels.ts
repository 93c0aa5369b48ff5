import { atLeast, atMost, type Row, shareOfPeak } from './document.ts';
import { expSubjects } from './exp.ts';
import { flops, productSubject, products } from './gemm.ts';
import { studentSubject } from './infer.ts';
import { type Effort, gflops, interleaved, median, ratios } from './measure.ts';
import { makeWork } from './peers/work.mjs';
import { MATRIX_BYTES, readMatrix } from './probes.ts';
import { productOverPeak, type Rates } from './rates.ts';
import type { Run } from './run.ts';
import { gzippedBytes } from './size.ts';
import { softmaxSubjects } from './softmax.ts';
import { LARGE, type Yardsticks } from './yardsticks.ts';

/** Rows about single kernels, in this thread. */
export async function kernelRows(run: Run): Promise<void> {
  const { document, wants } = run;
  await productRows(run);
  if (wants('gemv-1200')) await vectorRow(run);
  await softmaxRows(run);
  if (wants('exp')) await expRow(run);
  if (wants('infer-int8-1'))
    document.rows.push(await int8Row(run, 'infer-int8-1', ['infer-1', 'infer-int8-1'], 2));
  if (wants('infer-resnet8-int8-vs-f32'))
    document.rows.push(
      await int8Row(run, 'infer-resnet8-int8-vs-f32', ['infer-resnet8-1', 'infer-resnet8-int8-1'], 1.3),
    );
  if (wants('kernels-gz-bytes'))
    document.rows.push(atMost('kernels-gz-bytes', 20_000, [gzippedBytes()], 'bytes of kernels.wasm gzipped'));
}

async function productRows({ document, effort, wants, yardsticks }: Run): Promise<void> {
  const wanted = products.filter(({ id }) => wants(id));
  const gemms = wanted.map((product) => ({ product, subject: productSubject(product) }));
  const measured = await yardsticks.interleaved(
    gemms.map((g) => g.subject),
    effort,
  );
  if (wants(LARGE.id)) document.rows.push(await largeRow(yardsticks, effort));
  for (const { product, subject } of gemms) {
    const rates = gflops(subject.calls * flops(product), measured.samples(product.id));
    document.rows.push(shareOfPeak(product.id, product.goal, rates, measured.beside(product.id)));
  }
}

/** The large product itself has only the probe to be held against. */
async function largeRow(yardsticks: Yardsticks, { rounds, milliseconds }: Effort): Promise<Row> {
  const rates: Rates = { peak: [], product: [] };
  for (let round = 0; round < rounds; round++) {
    const { peak, product } = await yardsticks.glance(milliseconds);
    rates.peak.push(peak);
    rates.product.push(product);
  }
  const detail = `${median(rates.product).toFixed(1)} GFLOP/s of ${median(rates.peak).toFixed(1)} by the probe`;
  return atLeast(LARGE.id, LARGE.goal, productOverPeak(rates), detail);
}

async function vectorRow({ document, effort }: Run): Promise<void> {
  const vector = productSubject({ id: 'gemv-1200', m: 1, k: 1200, n: 1200, goal: 0.8 });
  const samples = await interleaved([readMatrix, vector], effort);
  const readRates = samples.get('read')!.map((ms) => MATRIX_BYTES / ms / 1e6);
  const rates = samples.get('gemv-1200')!.map((ms) => (vector.calls * MATRIX_BYTES) / ms / 1e6);
  const detail = `${median(rates).toFixed(1)} of ${median(readRates).toFixed(1)} GB/s read`;
  document.rows.push(atLeast('gemv-1200', 0.8, ratios(rates, readRates), detail));
}

async function softmaxRows({ document, effort, wants }: Run): Promise<void> {
  for (const columns of [10, 1000]) {
    if (!wants(`kd-softmax-128x${columns}`)) continue;
    const { kernel, plain } = softmaxSubjects(128, columns);
    const samples = await interleaved([kernel, plain], effort);
    const faster = ratios(samples.get(plain.name)!, samples.get(kernel.name)!);
    document.rows.push(atLeast(kernel.name, 8, faster, 'times as fast as plain JavaScript'));
  }
}

async function expRow({ document, effort }: Run): Promise<void> {
  const exp = expSubjects();
  const samples = await interleaved([exp.kernel, exp.plain], effort);
  const row = atLeast(
    'exp',
    9,
    ratios(samples.get('Math.exp')!, samples.get('exp')!),
    `times as fast as Math.exp; largest error ${exp.ulp.toFixed(2)} ulp (≤ 1)`,
  );
  document.rows.push({ ...row, met: row.met === true && exp.ulp <= 1 });
}

/** The student of 8 bits against that of floats. */
async function int8Row(
  { effort }: Run,
  id: string,
  works: readonly [floats: string, bytes: string],
  goal: number,
): Promise<Row> {
  const subjects = await Promise.all(works.map((name) => studentSubject(makeWork(name))));
  const samples = await interleaved(subjects, effort);
  const faster = ratios(samples.get(works[0])!, samples.get(works[1])!);
  return atLeast(id, goal, faster, 'times as fast as the f32 student, batch 1');
}

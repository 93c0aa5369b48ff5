import { createEngine } from 'wasm-distill';
import { openGpu } from '#library/backends/webgpu/device.js';
import { copyProbe, peakProbe } from './gpu-probes.ts';
import { productProbe } from './gpu-product.ts';
import { addRow, effortOf, type GpuRun, warmed } from './gpu-run.ts';
import { gflops, interleaved, median, ratios } from './measure.ts';

/** Rows about what the card can do at most, and what of it a large product reaches. */
export async function limitRows(run: GpuRun): Promise<void> {
  process.stderr.write('peak, copy, product …\n');
  const n = run.dry ? 32 : 4096;
  const gpu = await openGpu();
  await using engine = await createEngine({ backend: 'webgpu', threads: 1 });
  const probes = [
    await peakProbe(gpu, run.dry),
    await copyProbe(gpu, run.dry),
    await productProbe(engine, n),
  ].map(warmed);
  const samples = await interleaved(probes, effortOf(run, probes.length));
  const [peak, copy, product] = probes.map(({ name, work }) => gflops(work, samples.get(name)!));
  gpu.close();
  addRow(run, 'peak-gflops', peak!, 'multiply + add in f32 on registers alone');
  addRow(run, 'copy-gb-s', copy!, 'read and written by a kernel that copies');
  addRow(run, 'product-share', ratios(product!, peak!), `${n}³: ${median(product!).toFixed(0)} GFLOP/s`, {
    atLeast: 0.6,
  });
}

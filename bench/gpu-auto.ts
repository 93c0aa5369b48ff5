import { createEngine } from 'wasm-distill';
import { WORTH_A_GPU } from '#library/backends/automatic.js';
import { addRow, effortOf, type GpuRun, warmed } from './gpu-run.ts';
import { interleaved, median, ratios } from './measure.ts';
import { makeWork } from './peers/work.mjs';
import { stepFlops, threadedStep, trainable } from './steps.ts';

/** Perceptrons on both sides of the size from which 'auto' takes the GPU. */
const WORKS = ['C', 'C-100', 'C-300', 'B'];
const STEPS = 50;

/** Rows about small steps, by which the threshold of 'auto' is judged: the GPU should win above it, wasm below. */
export async function autoRows(run: GpuRun): Promise<void> {
  process.stderr.write('auto …\n');
  await using gpu = await createEngine({ backend: 'webgpu', threads: 1 });
  await using wasm = await createEngine();
  const names = run.dry ? ['A-dry'] : WORKS;
  const { rounds, milliseconds } = effortOf(run, 2 * names.length);
  for (const name of names) {
    const work = trainable(makeWork(name));
    const steps = run.dry ? 2 : STEPS;
    const subjects = [
      warmed({ ...(await threadedStep(gpu, work, steps)), name: 'gpu' }),
      { ...(await threadedStep(wasm, work, steps)), name: 'wasm' },
    ];
    const samples = await interleaved(subjects, { rounds, milliseconds });
    const [ours, kernels] = ['gpu', 'wasm'].map((each) => samples.get(each)!.map((ms) => ms / steps));
    const multiplyAdds = stepFlops(work) / 2;
    const taken = multiplyAdds >= WORTH_A_GPU ? 'the GPU' : 'wasm';
    addRow(
      run,
      `auto-${name}-vs-wasm`,
      ratios(kernels!, ours!),
      `${(multiplyAdds / 1e6).toPrecision(3)} million multiply-adds: wasm ${median(kernels!).toPrecision(3)} ms a step, the GPU ${median(ours!).toPrecision(3)} ms; 'auto' takes ${taken}`,
    );
  }
}

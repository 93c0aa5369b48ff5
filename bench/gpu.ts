import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createEngine } from 'wasm-distill';
import { isSoftware } from '#library/backends/webgpu/device.js';
import { autoRows } from './gpu-auto.ts';
import { limitRows } from './gpu-limits.ts';
import { type GpuDocument, type GpuRun, tasks } from './gpu-run.ts';
import { stepRows } from './gpu-steps.ts';

const HELP = `npm run bench:gpu [-- options]

Measures the WebGPU backend on this machine's card: its peak in f32, its bandwidth and a product of 4096³ first, then
training steps of three networks, beside this library's wasm on all cores and, where they are installed (npm run
bench:peers), jax-js and TensorFlow.js on the same card, and small steps, by which 'auto' is judged. Prints one JSON document on standard output; ids that have a
goal say whether it is met. (npm run --silent: npm prints a line of its own otherwise.) Takes some minutes.

  --seconds N   for so long in all subjects are timed, start-up apart (default 120)
  --out FILE    the document into a file too
  --dry         tiny sizes, in seconds, on a GPU in software (SwiftShader) where Debian's chromium is installed: whether the
                script works, not how fast anything is
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dry: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '120' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds takes a number above 0, not ${values.seconds}`);
  const started = performance.now();
  const document = await begun(values.dry);
  const run: GpuRun = { document, seconds: seconds / tasks, dry: values.dry };
  await limitRows(run);
  await stepRows(run);
  await autoRows(run);
  document.tookSeconds = Math.round((performance.now() - started) / 1000);
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (values.out) await writeFile(values.out, text);
  process.stdout.write(text);
}

/** The card and the machine, with nothing measured yet. */
async function begun(dry: boolean): Promise<GpuDocument> {
  await using engine = await createEngine({ backend: 'webgpu', threads: 1 });
  const { adapter = '', equalDraws = false, speeds } = engine.report();
  process.stderr.write(`${adapter}\n`);
  if (!dry && isSoftware(adapter))
    throw new Error(
      `${adapter} is a GPU in software, whose times say nothing: install the card's driver, or try with --dry`,
    );
  return {
    adapter,
    equalDraws,
    ...(speeds && { speeds }),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    date: new Date().toISOString(),
    dry,
    tookSeconds: 0,
    rows: [],
    peers: [],
    absent: [],
  };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
process.exit(0);

/**
 * Shows that data larger than memory train in constant memory: writes an npy of that many megabytes into a temporary
 * folder, trains one epoch of a small network on it in a process of its own, and fails if that took more than --most.
 *
 *     node scripts/stream-memory.mjs                   # 6,000 MB in at most 1,500 MB, some minutes
 *     node scripts/stream-memory.mjs --megabytes 200 --most 170 --window 20000
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '6000' },
    most: { type: 'string', default: '1500' },
    window: { type: 'string' },
    threads: { type: 'string', default: '2' },
    child: { type: 'string' },
  },
});

/** Of one sample: a gray image, bright where its class is. */
const SIDE = 28;
const CLASSES = 10;
const PIXELS = SIDE * SIDE;

await (values.child ? trainOn(values.child) : measure());

async function measure() {
  const samples = Math.floor((Number(values.megabytes) * 1e6) / PIXELS);
  const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-stream-'));
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < 1.2 * samples * PIXELS)
      throw new Error(`${folder} has ${Math.floor((bavail * bsize) / 1e6)} MB free: too little`);
    const file = join(folder, 'images.npy');
    await write(file, samples);
    const { stdout } = await promisify(execFile)(process.execPath, [
      fileURLToPath(import.meta.url),
      ...['--child', file, '--threads', values.threads],
      ...(values.window ? ['--window', values.window] : []),
    ]);
    const { megabytes, seconds, loss, windows } = JSON.parse(stdout);
    console.log(
      `a file of ${values.megabytes} MB (${samples} samples, ${windows}) took at most ${megabytes} MB in ${seconds} s, with a loss of ${loss}`,
    );
    if (megabytes > Number(values.most)) throw new Error(`that is more than ${values.most} MB`);
    if (!(loss < 1)) throw new Error('it has learned nothing');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** An epoch in this process, and the most memory that it ever had. */
async function trainOn(file) {
  const { createEngine, mlp, trainEpochs } = await import('wasm-distill');
  const { streamNpy } = await import('wasm-distill/data');
  const begun = performance.now();
  const stream = await streamNpy(file);
  const labels = Int32Array.from({ length: stream.size }, (_, i) => i % CLASSES);
  const data = { ...stream, labels, classes: CLASSES, classNames: Array.from('0123456789') };
  const window = values.window && Number(values.window);
  const engine = await createEngine({ threads: Number(values.threads) });
  const options = { architecture: mlp([PIXELS, 8, CLASSES]), epochs: 1, seed: 1, batch: 100 };
  for await (const { loss } of trainEpochs(engine, { ...options, data, ...(window && { window }) }))
    console.log(
      JSON.stringify({
        megabytes: Math.ceil((process.resourceUsage().maxRSS * 1024) / 1e6),
        seconds: Math.round((performance.now() - begun) / 1000),
        loss: Number(loss.toFixed(3)),
        windows: window ? `windows of ${window}` : 'windows of 128 MiB',
      }),
    );
  await engine.close();
}

/** Samples of noise, each with a bright row where its class is: its number mod 10. */
async function write(file, samples) {
  const stream = createWriteStream(file);
  const shape = `(${samples}, ${SIDE}, ${SIDE})`;
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  stream.write(Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0, ...Buffer.from(`${header}\n`)]));
  const many = 1000 * CLASSES;
  const block = Buffer.alloc(many * PIXELS);
  let state = 1;
  for (let i = 0; i < block.length; i++) {
    state = (state * 48271) % 2147483647;
    const [sample, pixel] = [Math.floor(i / PIXELS), i % PIXELS];
    block[i] = Math.floor(pixel / (2 * SIDE)) === sample % CLASSES ? 128 + (state % 128) : state % 128;
  }
  for (let left = samples; left > 0; left -= many)
    if (!stream.write(block.subarray(0, Math.min(left, many) * PIXELS))) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/**
 * Shows that data larger than memory train in constant memory: writes as many megabytes of images into a temporary folder,
 * trains one epoch of a small network on them in a process of its own, and fails if that took more than --most.
 *
 *     node scripts/stream-memory.mjs                   # an npy of 6,000 MB in at most 1,500 MB, some minutes
 *     node scripts/stream-memory.mjs --megabytes 200 --most 170 --window 20000
 *     node scripts/stream-memory.mjs --parquet         # PNGs in Parquet files, megabytes as they are decoded
 *     node scripts/stream-memory.mjs --distill         # on the soft targets of a teacher, which are made before
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '6000' },
    most: { type: 'string', default: '1500' },
    window: { type: 'string' },
    threads: { type: 'string', default: '2' },
    parquet: { type: 'boolean', default: false },
    distill: { type: 'boolean', default: false },
    child: { type: 'string' },
  },
});

const CLASSES = 10;
/** Of one sample: a gray image, bright where its class is. Few large PNGs take less time than many small ones. */
const SIDE = values.parquet ? 64 : 28;
const PIXELS = SIDE * SIDE;
/** Rows of a class's bright stripe. */
const STRIPE = Math.floor(SIDE / CLASSES);
/** Different samples; files repeat them. */
const BLOCK = 1000 * CLASSES;
/** Of Parquet. */
const ROW_GROUP = 1000;

await (values.child ? trainOn(values.child) : measure());

async function measure() {
  const samples = Math.floor((Number(values.megabytes) * 1e6) / PIXELS);
  const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-stream-'));
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < 1.2 * samples * PIXELS)
      throw new Error(`${folder} has ${Math.floor((bavail * bsize) / 1e6)} MB free: too little`);
    const place = join(folder, values.parquet ? 'parquet' : 'images.npy');
    await (values.parquet ? writeParquet : writeNpy)(place, samples);
    const flags = ['parquet', 'distill'].filter((name) => values[name]).map((name) => `--${name}`);
    const { stdout } = await promisify(execFile)(process.execPath, [
      fileURLToPath(import.meta.url),
      ...['--child', place, '--threads', values.threads, ...flags],
      ...(values.window ? ['--window', values.window] : []),
    ]);
    const { megabytes, seconds, loss, windows } = JSON.parse(stdout);
    const what = values.parquet ? 'Parquet files' : 'a file';
    console.log(
      `${what} of ${values.megabytes} MB (${samples} samples, ${windows}) took at most ${megabytes} MB in ${seconds} s, with a loss of ${loss}`,
    );
    if (megabytes > Number(values.most)) throw new Error(`that is more than ${values.most} MB`);
    if (!(loss < (values.distill ? 30 : 1))) throw new Error('it has learned nothing');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** An epoch in this process, and the most memory that it ever had. */
async function trainOn(place) {
  const { createEngine, distillation, mlp, softTargets, take, train, trainEpochs } = await import(
    'wasm-distill'
  );
  const { loadStream } = await import('wasm-distill/data');
  const begun = performance.now();
  const data = await (values.parquet ? openParquet : openNpy)(place);
  const window = values.window && Number(values.window);
  const engine = await createEngine({ threads: Number(values.threads) });
  const options = { architecture: mlp([PIXELS, 8, CLASSES]), epochs: 1, seed: 1, batch: 100 };
  const temperature = 4;
  let objective;
  if (values.distill) {
    const few = await loadStream(take(data, Math.min(data.size, BLOCK)));
    const teacher = await train(engine, { ...options, data: few });
    objective = distillation({
      soft: await softTargets(engine, [teacher], data, { temperature }),
      temperature,
    });
  }
  const all = { ...options, data, ...(window && { window }), ...(objective && { objective }) };
  for await (const { loss } of trainEpochs(engine, all))
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

async function openNpy(file) {
  const { streamNpy } = await import('wasm-distill/data');
  const stream = await streamNpy(file);
  const labels = Int32Array.from({ length: stream.size }, (_, i) => i % CLASSES);
  return { ...stream, labels, classes: CLASSES, classNames: Array.from('0123456789') };
}

async function openParquet(folder) {
  const { streamParquet } = await import('wasm-distill/data');
  return streamParquet((await readdir(folder)).sort().map((name) => join(folder, name)));
}

/** Samples of noise, each with a bright stripe where its class is: its number mod 10. */
function block() {
  const pixels = Buffer.alloc(BLOCK * PIXELS);
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (state * 48271) % 2147483647;
    const [sample, pixel] = [Math.floor(i / PIXELS), i % PIXELS];
    const bright = Math.floor(pixel / (STRIPE * SIDE)) === sample % CLASSES;
    pixels[i] = bright ? 128 + (state % 128) : state % 128;
  }
  return pixels;
}

async function writeNpy(file, samples) {
  const stream = createWriteStream(file);
  const shape = `(${samples}, ${SIDE}, ${SIDE})`;
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  stream.write(Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0, ...Buffer.from(`${header}\n`)]));
  const pixels = block();
  for (let left = samples; left > 0; left -= BLOCK)
    if (!stream.write(pixels.subarray(0, Math.min(left, BLOCK) * PIXELS))) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

/** Files of PNGs and labels, each with as many samples as a block has. */
async function writeParquet(folder, samples) {
  await mkdir(folder);
  const pixels = block();
  const pngs = Array.from({ length: Math.min(BLOCK, samples) }, (_, i) =>
    png(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)),
  );
  for (let first = 0, file = 0; first < samples; first += BLOCK, file++) {
    const some = pngs.slice(0, samples - first);
    const columnData = [
      { name: 'image', data: some, type: 'BYTE_ARRAY' },
      { name: 'label', data: some.map((_, i) => i % CLASSES), type: 'INT32' },
    ];
    const bytes = parquetWriteBuffer({ columnData, rowGroupSize: ROW_GROUP });
    await writeFile(join(folder, `${String(file).padStart(5, '0')}.parquet`), new Uint8Array(bytes));
  }
}

/** A gray PNG, packed as little as takes the least time. */
function png(pixels) {
  const rows = Buffer.alloc(SIDE * (SIDE + 1));
  for (let y = 0; y < SIDE; y++) rows.set(pixels.subarray(y * SIDE, (y + 1) * SIDE), y * (SIDE + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header[8] = 8;
  const chunks = [
    ['IHDR', header],
    ['IDAT', deflateSync(rows, { level: 1 })],
    ['IEND', Buffer.alloc(0)],
  ].map(([type, body]) => {
    const out = Buffer.concat([Buffer.alloc(4), Buffer.from(type), body, Buffer.alloc(4)]);
    out.writeUInt32BE(body.length, 0);
    out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
    return out;
  });
  return new Uint8Array(Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), ...chunks]));
}

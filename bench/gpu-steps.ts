import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from 'wasm-distill';
import { openGpu } from '#library/backends/webgpu/device.js';
import type { Speeds } from '#library/backends/webgpu/lower/tiles.js';
import { encodingOf } from './gpu-encoding.ts';
import { addRow, effortOf, type GpuRun, rateOf, warmed } from './gpu-run.ts';
import { interleaved, median, ratios, type Samples, type Subject } from './measure.ts';
import { type Peer, peers, startPeer, verify } from './peers/harness.mjs';
import { makeWork, type Trainable, writeWork } from './peers/work.mjs';
import { stepFlops, stepIn, threadedStep, trainable } from './steps.ts';

/** A training step, and the goals of its rows. */
interface Training {
  id: string;
  work: string;
  dry: string;
  vsWasm?: number;
  vsPeers?: number;
  dispatches?: number;
}

const trainings: readonly Training[] = [
  { id: 'vgg', work: 'vgg-256', dry: 'vgg-dry', vsWasm: 10 },
  { id: 'mlp', work: 'A-1024', dry: 'A-dry', vsPeers: 2, dispatches: 14 },
  { id: 'resnet8', work: 'resnet8', dry: 'resnet8-dry', dispatches: 90 },
];

/** Steps of one run: as many as fill several submissions, as many as wasm needs to be at work. */
const ON_GPU = 100;
const ON_WASM = 4;
/** Milliseconds for which a peer is asked at once. */
const OF_PEER = 200;
const SUBMISSIONS = 200;
const STARTS = 3;

/** Rows about training steps: beside wasm and the peers, what encoding costs, and how long a start takes. */
export async function stepRows(run: GpuRun): Promise<void> {
  for (const training of trainings) {
    process.stderr.write(`${training.id} …\n`);
    const work = trainable(makeWork(run.dry ? training.dry : training.work));
    await using engine = await startRow(run, training, work);
    await rateRows(run, training, work, engine);
    await encodingRows(run, training, work, engine.report().speeds!);
  }
}

/** The last of the engines that were started. */
async function startRow(run: GpuRun, { id }: Training, work: Trainable): Promise<Engine> {
  const starts: number[] = [];
  let engine: Engine | undefined;
  for (let i = 0; i < (run.dry ? 1 : STARTS); i++) {
    await engine?.close();
    engine = await createEngine({ backend: 'webgpu', threads: 1 });
    const start = performance.now();
    const { session } = await stepIn(engine, work);
    await session.run('step');
    starts.push(performance.now() - start);
  }
  const detail = `milliseconds from loading to the end of the first step; the first time ${starts[0]!.toFixed(0)}`;
  addRow(run, `${id}-start-ms`, starts, detail, { atMost: 1000 });
  return engine!;
}

async function rateRows(run: GpuRun, training: Training, work: Trainable, gpu: Engine): Promise<void> {
  await using wasm = await createEngine();
  const others = await peersOn(run, work);
  try {
    const steps = run.dry ? 2 : ON_GPU;
    const ours = warmed({ ...(await threadedStep(gpu, work, steps)), name: 'gpu' });
    const kernels = { ...(await threadedStep(wasm, work, ON_WASM)), name: 'wasm' };
    const subjects = [ours, kernels, ...others.map((other) => other.subject)];
    const samples = await interleaved(subjects, effortOf(run, subjects.length));
    const each = (name: string, count: number) => samples.get(name)!.map((ms) => ms / count);
    const gpuMs = each('gpu', steps);
    addRates(run, training, work, gpuMs);
    const compare = (name: string, ms: Samples, atLeast?: number) => {
      const detail = `${name} ${median(ms).toPrecision(3)} ms a step, the GPU ${median(gpuMs).toPrecision(3)} ms`;
      addRow(run, `${training.id}-vs-${name}`, ratios(ms, gpuMs), detail, { atLeast });
    };
    compare('wasm', each('wasm', ON_WASM), training.vsWasm);
    for (const { peer, count } of others) compare(peer.name, each(peer.name, count), training.vsPeers);
  } finally {
    await Promise.all(others.map(({ peer }) => peer.close()));
  }
}

function addRates(run: GpuRun, { id }: Training, work: Trainable, ms: Samples): void {
  const { batch } = work.config;
  const of = (amount: number) => ms.map((each) => amount / each);
  addRow(run, `${id}-samples-s`, of(1000 * batch), `samples a second, batch ${batch}`);
  const peak = rateOf(run.document, 'peak-gflops');
  addRow(run, `${id}-share`, of(stepFlops(work) / 1e6 / peak), "of the card's peak, by the flops needed");
}

async function encodingRows(
  run: GpuRun,
  { id, dispatches: most }: Training,
  work: Trainable,
  speeds: Speeds,
): Promise<void> {
  const gpu = await openGpu();
  const { dispatches, microseconds } = await encodingOf({ ...gpu, speeds }, work, run.dry ? 5 : SUBMISSIONS);
  gpu.close();
  const detail = `microseconds a dispatch, encoded and submitted; at least ${Math.min(...microseconds).toFixed(2)}`;
  addRow(run, `${id}-encoding-us`, microseconds, detail, { atMost: 6 });
  addRow(run, `${id}-dispatches`, [dispatches], 'dispatches of a step', { atMost: most });
}

interface Other {
  peer: Peer;
  subject: Subject;
  /** Steps of a run. */
  count: number;
}

/** The peers that do this work on the card; why others don't goes to the document's absent. */
async function peersOn({ document }: GpuRun, work: Trainable): Promise<Other[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-gpu-'));
  try {
    await writeWork(folder, work);
    const others: Other[] = [];
    for (const { name, works } of peers) {
      if (!name.endsWith('-webgpu') || !works.includes(work.config.name)) continue;
      const found = await peerOn(name, folder, work);
      if (typeof found === 'string') {
        document.absent.push({ name: `${name} in ${work.config.name}`, why: found });
        continue;
      }
      others.push(found);
      const { version, detail } = found.peer;
      if (!document.peers.some((peer) => peer.name === name)) document.peers.push({ name, version, detail });
    }
    return others;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The peer, once it has shown that it computes the same, or why it can't be timed. */
async function peerOn(name: string, folder: string, work: Trainable): Promise<Other | string> {
  const peer = await startPeer(name);
  if (peer.absent !== undefined) return peer.absent;
  try {
    await peer.load(folder);
    const { agrees, worst } = await verify(peer, work);
    if (!agrees) throw new Error(`its losses are off by ${worst}`);
    const { ms } = await peer.run(2);
    const count = Math.max(1, Math.min(ON_GPU, Math.round((2 * OF_PEER) / ms)));
    const run = async () => {
      await peer.run(count);
    };
    return { peer, count, subject: warmed({ name, run }) };
  } catch (error) {
    await peer.close();
    return (error as Error).message;
  }
}

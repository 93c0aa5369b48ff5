// Records the losses of trainings of convolutional networks, and of a perceptron on a large batch, in answers.json: node reference.mjs (minutes; those of works that
// haven't changed are kept). Of objectives they are PyTorch's in float64, which must be here.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peers, startPeer } from './harness.mjs';
import * as mlp from './mlp.mjs';
import { computedLosses, configs } from './network.mjs';
import { sumOf } from './recorded.mjs';
import { makeWork, writeWork } from './work.mjs';

const STEPS = 5;
const file = new URL('./answers.json', import.meta.url);
const answers = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const trainings = Object.keys(configs).filter((name) => configs[name].kind === 'train');
for (const name of trainings) await record(name, (work) => computedLosses(work, STEPS));
await record('A-1024', (work) => mlp.computedLosses(work, STEPS));
const torch = 'torch-double';
for (const name of peers.find((peer) => peer.name === torch).works) await record(name, askedOfTorch);
writeFileSync(file, `${JSON.stringify(answers, null, 2)}\n`);

async function record(name, lossesOf) {
  const work = makeWork(name);
  const sum = sumOf(work);
  if (answers[name]?.sum === sum) return;
  answers[name] = { sum, losses: await lossesOf(work) };
  console.log(name, answers[name].losses.map((loss) => loss.toFixed(4)).join(' '));
}

async function askedOfTorch(work) {
  const peer = await startPeer(torch);
  if (peer.absent) throw new Error(peer.absent);
  const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-reference-'));
  try {
    await writeWork(folder, work);
    await peer.load(folder);
    return await peer.losses(STEPS);
  } finally {
    await peer.close();
    await rm(folder, { recursive: true, force: true });
  }
}

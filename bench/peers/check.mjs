// Loads every peer with every work that it does and shows that it computes the same: node check.mjs [peer …]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peers, startPeer, verify } from './harness.mjs';
import { makeWork, workNames, writeWork } from './work.mjs';

const numbers = (values) => values.map((value) => value.toFixed(4)).join(' ');
const asked = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-peers-'));
const works = new Map(workNames.map((name) => [name, makeWork(name)]));
try {
  for (const [name, work] of works) await writeWork(join(folder, name), work);
  for (const { name, works: does } of peers) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    await check(name, does);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function check(name, does) {
  const peer = await startPeer(name);
  if (peer.absent) {
    console.log(`${name}: absent. ${peer.absent}`);
    return;
  }
  console.log(`${name} ${peer.version}: ${peer.detail}`);
  try {
    for (const workName of does) {
      const work = works.get(workName);
      await peer.load(join(folder, workName));
      const { agrees, worst, values, reference } = await verify(peer, work);
      const ms = await roughly(peer);
      const verdict = agrees ? 'agrees' : 'DISAGREES';
      console.log(`  ${workName}: ${verdict} (${worst.toExponential(1)}), about ${ms.toPrecision(3)} ms`);
      if (work.config.kind === 'train') {
        console.log(`    ${numbers(values)}\n    ${numbers(reference)} (reference)`);
      }
      if (!agrees) process.exitCode = 1;
    }
  } finally {
    await peer.close();
  }
}

/** Milliseconds a step or inference: the best of three short runs, once warm. */
async function roughly(peer) {
  let count = 2;
  let best = (await peer.run(count)).ms / count;
  count = Math.max(2, Math.min(200, Math.round(100 / best)));
  for (let round = 0; round < 3; round++) best = Math.min(best, (await peer.run(count)).ms / count);
  return best;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, comparisons } from './comparisons.ts';
import { atLeast, type Document, type Row } from './document.ts';
import { studentTiming } from './infer.ts';
import { type Effort, median, ratios, type Samples } from './measure.ts';
import { type Timed, type Timing, timed } from './peers/clock.mjs';
import { type Peer, peers, startPeer, verify } from './peers/harness.mjs';
import { makeWork, type Work, writeWork } from './peers/work.mjs';
import { directStep } from './steps.ts';

/** Engines compile what runs hot once more, in other threads: measured to last for half a second with onnxruntime-web. */
const WARM_UP_MS = 1000;
/** CPU time over time above which a run isn't on one thread: two would be 2, and collectors add up to 0.3. */
const ONE_THREAD = 1.5;
/** CPU time, as a share of the other's time, above which a process doesn't rest: spinning threads would be 1. */
const AT_REST = 0.5;

/** Rows about peers: their time over ours, each in a process of its own, taking turns with us round by round. */
export async function peerRows(document: Document, effort: Effort): Promise<void> {
  const running = await startPeers(document);
  const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-bench-'));
  try {
    for (const name of new Set(comparisons.map(({ work }) => work))) {
      const work = makeWork(name);
      await writeWork(join(folder, name), work);
      const pairs = pairsOf(name, running, document);
      await Promise.all(pairs.map(({ peer }) => peer.load(join(folder, name))));
      for (const { peer } of pairs) await mustAgree(peer, work);
      document.rows.push(...(await compare(await oursOn(work), pairs, effort)));
    }
  } finally {
    await Promise.all([...running.values()].map((peer) => peer.close()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts every peer; what can't run here goes to the document's absent, with the reason. */
async function startPeers(document: Document): Promise<Map<string, Peer>> {
  const running = new Map<string, Peer>();
  for (const { name } of peers) {
    const peer = await startPeer(name);
    if (peer.absent !== undefined) {
      document.absent.push({ name, why: peer.absent });
      continue;
    }
    running.set(name, peer);
    document.peers.push({ name, version: peer.version, detail: peer.detail });
  }
  return running;
}

interface Pair extends Omit<Comparison, 'peer'> {
  peer: Peer;
}

/** The comparisons on a work whose peer is here; the others' rows are absent. */
function pairsOf(work: string, running: Map<string, Peer>, document: Document): Pair[] {
  return comparisons.flatMap((comparison) => {
    if (comparison.work !== work) return [];
    const peer = running.get(comparison.peer);
    if (peer) return [{ ...comparison, peer }];
    document.absent.push({ name: comparison.id, why: `needs ${comparison.peer}` });
    return [];
  });
}

/** A benchmark that times a wrong result fails. */
async function mustAgree(peer: Peer, work: Work): Promise<void> {
  const { agrees, values, reference } = await verify(peer, work);
  if (agrees) return;
  const [got, expected] = [values, reference].map((numbers) => numbers.slice(0, 5).join(', '));
  throw new Error(
    `${peer.name} computes something else in ${work.config.name}: ${got} … instead of ${expected} …`,
  );
}

interface Ours {
  timing: Timing;
  /** Which way of ours it is. */
  by: string;
}

/** Ours; its results have been checked. */
async function oursOn(work: Work): Promise<Ours> {
  if (work.config.kind === 'train') return { timing: directStep(work).timing, by: 'a plan in this thread' };
  return { timing: await studentTiming(work), by: 'wasm-distill/infer' };
}

/** Times ours and the peer's in turn, pair after pair, round after round. */
async function compare(
  { timing, by }: Ours,
  pairs: readonly Pair[],
  { rounds, milliseconds }: Effort,
): Promise<Row[]> {
  const ours = await warmedUp('this library', (n) => timed(timing, n), milliseconds);
  const matches: { id: string; goal: number; ours: Contestant; theirs: Contestant }[] = [];
  for (const { id, goal, peer } of pairs) {
    const theirs = await warmedUp(peer.name, peer.run, milliseconds);
    matches.push({ id, goal, ours: { ...ours, runs: [] }, theirs });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { ours, theirs } of matches) {
      ours.runs.push(await ours.run(ours.count));
      theirs.runs.push(await theirs.run(theirs.count));
    }
  }
  return matches.map(({ id, goal, ours, theirs }) => {
    mustBeAlone(ours, theirs);
    mustBeAlone(theirs, ours);
    const [ourMs, theirMs] = [millisecondsEach(ours), millisecondsEach(theirs)];
    const [their, our] = [theirMs, ourMs].map((ms) => Number(median(ms).toPrecision(3)));
    const detail = `${theirs.name} ${their} ms, ours ${our} ms by ${by}`;
    return atLeast(id, goal, ratios(theirMs, ourMs), detail);
  });
}

interface Contestant {
  name: string;
  run(n: number): Promise<Timed>;
  /** Steps or inferences of one timed run. */
  count: number;
  runs: Timed[];
}

/** Warms it up by ever longer runs until one takes so many milliseconds, and until compilers have done their work. */
async function warmedUp(
  name: string,
  run: (n: number) => Promise<Timed>,
  milliseconds: number,
): Promise<Contestant> {
  let count = 2;
  for (let total = 0; total < WARM_UP_MS; ) {
    const { ms } = await run(count);
    total += ms;
    if (ms < milliseconds) count *= 2;
  }
  return { name, run, count, runs: [] };
}

const millisecondsEach = ({ runs, count }: Contestant): Samples => runs.map(({ ms }) => ms / count);

/** Each is timed on one thread, while the other rests. (Medians: now and then a collector may run.) */
function mustBeAlone({ name, runs }: Contestant, other: Contestant): void {
  const threads = median(runs.map(({ ms, cpuMs }) => cpuMs / ms));
  if (threads > ONE_THREAD)
    throw new Error(`${name} keeps ${threads.toFixed(2)} threads busy instead of one`);
  const unasked = median(runs.map(({ idleCpuMs }) => idleCpuMs)) / median(other.runs.map(({ ms }) => ms));
  if (unasked > AT_REST)
    throw new Error(`${name} computes for ${(100 * unasked).toFixed(0)} % of the time of the other`);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, comparisons, type Group, groups } from './comparisons.ts';
import { convolutionSubject } from './conv.ts';
import { atLeast, type Document, type Row } from './document.ts';
import { studentTiming } from './infer.ts';
import { type Effort, median, ratios, type Samples } from './measure.ts';
import { objectiveStep } from './objective-steps.ts';
import { type Timed, type Timing, timed } from './peers/clock.mjs';
import { type Peer, peers, startPeer, verify } from './peers/harness.mjs';
import { makeWork, type ObjectiveWork, type OperatorWork, type Work, writeWork } from './peers/work.mjs';
import type { Run } from './run.ts';
import { directStep, trainable } from './steps.ts';
import type { Yardsticks } from './yardsticks.ts';

/** Engines compile what runs hot once more, in other threads: measured to last for half a second with onnxruntime-web. */
const WARM_UP_MS = 1000;
/** CPU time over time above which a run isn't on one thread: two would be 2, and collectors add up to 0.3. */
const ONE_THREAD = 1.5;
/** CPU time, as a share of the other's time, above which a process doesn't rest: spinning threads would be 1. */
const AT_REST = 0.5;
/** Once a peer has been timed for so long, and so often, it isn't any more: jax-js needs seconds for a convolutional step. */
const ENOUGH = { ms: 20_000, rounds: 3 };

/** Rows about peers: their time over ours, each in a process of its own, taking turns with us round by round. */
export async function peerRows({ document, effort, wants, yardsticks }: Run): Promise<void> {
  const wanted = comparisons.filter(({ id, group }) => wants(id) || (group !== undefined && wants(group)));
  if (wanted.length === 0) return;
  const running = await startPeers(document, new Set(wanted.map(({ peer }) => peer)));
  const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-bench-'));
  const compared: Compared[] = [];
  try {
    for (const name of new Set(wanted.map(({ work }) => work))) {
      const work = makeWork(name);
      await writeWork(join(folder, name), work);
      const pairs = pairsOf(
        wanted.filter((comparison) => comparison.work === name),
        running,
        document,
      );
      await Promise.all(pairs.map(({ peer }) => peer.load(join(folder, name))));
      for (const { peer } of pairs) await mustAgree(peer, work);
      if (pairs.length > 0) compared.push(...(await compare(await oursOn(work), pairs, effort, yardsticks)));
    }
  } finally {
    await Promise.all([...running.values()].map((peer) => peer.close()));
    await rm(folder, { recursive: true, force: true });
  }
  document.rows.push(...rowsOf(compared));
}

/** A comparison's outcome. */
interface Compared extends Omit<Comparison, 'peer'> {
  faster: Samples;
  detail: string;
}

function rowsOf(compared: readonly Compared[]): Row[] {
  const single = compared.flatMap(({ id, goal, faster, detail }) =>
    goal === undefined ? [] : [atLeast(id, goal, faster, detail)],
  );
  return [...single, ...groups.flatMap((group) => groupRows(group, compared))];
}

/** Of the geometric mean, and of the least. */
function groupRows({ id, goal, least }: Group, compared: readonly Compared[]): Row[] {
  const members = compared.filter(({ group }) => group === id);
  if (members.length === 0) return [];
  const rounds = Math.min(...members.map(({ faster }) => faster.length));
  const means = Array.from({ length: rounds }, (_, round) =>
    Math.exp(members.reduce((sum, { faster }) => sum + Math.log(faster[round]!), 0) / members.length),
  );
  const sorted = [...members].sort((a, b) => median(a.faster) - median(b.faster));
  const each = members.map((m) => `${m.id.slice(id.length + 1)} ${median(m.faster).toFixed(2)}`).join(', ');
  return [
    atLeast(id, goal, means, `geometric mean of ${each}`),
    atLeast(`${id}-least`, least, sorted[0]!.faster, sorted[0]!.detail),
  ];
}

/** Starts the peers; what can't run here goes to the document's absent, with the reason. */
async function startPeers(document: Document, names: ReadonlySet<string>): Promise<Map<string, Peer>> {
  const running = new Map<string, Peer>();
  for (const { name } of peers) {
    if (!names.has(name)) continue;
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

/** The comparisons whose peer is here; the others' rows are absent. */
function pairsOf(asked: readonly Comparison[], running: Map<string, Peer>, document: Document): Pair[] {
  return asked.flatMap((comparison) => {
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
  const by = 'a plan in this thread';
  if (work.config.form === 'objective') return { timing: objectiveStep(work as ObjectiveWork).timing, by };
  if (work.config.kind === 'train') return { timing: directStep(trainable(work)).timing, by };
  if (work.config.form === 'operator') return { timing: operatorTiming(work as OperatorWork), by };
  return { timing: await studentTiming(work), by: 'wasm-distill/infer' };
}

function operatorTiming(work: OperatorWork): Timing {
  const { run } = convolutionSubject(work, 'fwd');
  return {
    kind: 'infer',
    steps: 0,
    subject: {
      run: (n) => {
        for (let i = 0; i < n; i++) run();
      },
    },
  };
}

/** Times ours and the peer's in turn, pair after pair, round after round. */
async function compare(
  { timing, by }: Ours,
  pairs: readonly Pair[],
  { rounds, milliseconds }: Effort,
  yardsticks: Yardsticks,
): Promise<Compared[]> {
  const ours = await warmedUp('this library', (n) => timed(timing, n), milliseconds);
  const matches: { pair: Pair; ours: Contestant; theirs: Contestant }[] = [];
  for (const pair of pairs) {
    const theirs = await warmedUp(pair.peer.name, pair.peer.run, milliseconds);
    matches.push({ pair, ours: { ...ours, runs: [] }, theirs });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { ours, theirs } of matches) {
      if (isEnough(theirs)) continue;
      await yardsticks.glance(milliseconds);
      await ours.run(0); // what the yardsticks computed in this process isn't held against us
      theirs.runs.push(await theirs.run(theirs.count));
      ours.runs.push(await ours.run(ours.count));
    }
  }
  return matches.map(({ pair: { peer: _, ...comparison }, ours, theirs }) => {
    mustBeAlone(ours, theirs);
    mustBeAlone(theirs, ours);
    const [ourMs, theirMs] = [millisecondsEach(ours), millisecondsEach(theirs)];
    const [their, our] = [theirMs, ourMs].map((ms) => Number(median(ms).toPrecision(3)));
    const detail = `${theirs.name} ${their} ms, ours ${our} ms by ${by}`;
    return { ...comparison, faster: ratios(theirMs, ourMs), detail };
  });
}

const isEnough = ({ runs }: Contestant) =>
  runs.length >= ENOUGH.rounds && runs.reduce((sum, { ms }) => sum + ms, 0) > ENOUGH.ms;

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
  let count = 1;
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

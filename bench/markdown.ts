import { comparisons } from './comparisons.ts';
import type { Document } from './document.ts';
import type { Effort } from './measure.ts';

/** Columns and rows of the summary, by the names of works and peers. */
const WORKS: Record<string, string> = {
  A: 'training 784-1200-1200-10, batch 128',
  C: 'training 784-30-30-10, batch 100',
  'infer-1': 'inference 784-800-800-10, 1 row',
  'infer-int8-1': '1 row, 8 bits',
  'infer-128': '128 rows',
};
const PEERS: Record<string, string> = {
  'tfjs-wasm-best': 'TensorFlow.js (wasm), backward pass by hand',
  'tfjs-wasm-api': 'TensorFlow.js (wasm), `optimizer.minimize`',
  'jax-js': 'jax-js (wasm), `jit`',
  'ort-web': 'onnxruntime-web (wasm)',
  'torch-avx512': 'PyTorch + OpenBLAS, AVX-512 (native)',
  'torch-avx2': 'PyTorch + OpenBLAS, AVX2 (native)',
};

/** docs/benchmarks.md: what was measured, on what, how, and the results. */
export function page(document: Document, { rounds }: Effort): string {
  return `# Benchmarks

Written by \`npm run bench:peers -- --write docs/benchmarks.md\`; not edited by hand.

${machine(document)}

## Beside other libraries

How many times as fast as the peer: its time over ours, each on one thread.

${summary(document)}

## All rows

${table(document)}
## How it is measured

* Values are medians of ${rounds} rounds in one run; in each round all subjects take their turn, and a ratio is taken within
  a round, so that a neighbor's noise falls on both sides. The spread is half the distance between the quartiles.
* The peak is the rate of multiply + add on registers alone (12 chains), probed in the same rounds. Flops counted are those
  that the work needs: the first layer's input gradient isn't.
* Before a thing is timed its result is checked: products and logits against float64, the KD loss and its gradient against
  plain JavaScript, and of a training step the losses before each of five steps from the same weights, ours and the peers',
  against a float64 reference. A wrong result ends the run.
* A peer is a process of its own with one thread (bench/peers/README.md). Its CPU time is measured too: a peer that used a
  second thread, or computed while it wasn't asked, would end the run.
* A timed training goes back to its first weights after every 400 steps, off the clock, ours and the peers': velocities that
  fade into denormal numbers are slow on x86.
`;
}

/** All rows, peers and what is absent. */
export function table(document: Document): string {
  const { rows, peers, absent } = document;
  const lines = [
    '| id | value | goal | met | spread | detail |',
    '|---|---:|---:|---|---:|---|',
    ...rows.map(
      (r) =>
        `| \`${r.id}\` | ${number(r.value)} | ${r.goal} | ${r.met ? 'yes' : '**no**'} | ${percent(r.spread)} | ${r.detail} |`,
    ),
  ];
  if (peers.length > 0) lines.push('', ...peers.map((p) => `* ${p.name} ${p.version}: ${p.detail}`));
  if (absent.length > 0) lines.push('', ...absent.map((a) => `* absent: \`${a.name}\`: ${a.why}`));
  return `${lines.join('\n')}\n`;
}

export function machine({ cpu, node, date, peak }: Document): string {
  const rate = `${peak.gflops.toFixed(1)} GFLOP/s ± ${percent(peak.spread)}`;
  return `${cpu}, Node ${node}, ${date.slice(0, 10)}. Peak (register-only multiply + add): ${rate}.`;
}

/** The comparisons, peers down and works across. */
function summary({ rows }: Document): string {
  const works = Object.keys(WORKS);
  const cell = (peer: string, work: string) => {
    const id = comparisons.find((c) => c.peer === peer && c.work === work)?.id;
    const row = rows.find((r) => r.id === id);
    return row ? number(row.value) : '';
  };
  return [
    `| | ${Object.values(WORKS).join(' | ')} |`,
    `|---|${works.map(() => '---:|').join('')}`,
    ...Object.entries(PEERS).map(
      ([peer, name]) => `| ${name} | ${works.map((work) => cell(peer, work)).join(' | ')} |`,
    ),
  ].join('\n');
}

const number = (x: number): string => (x >= 100 ? x.toFixed(0) : x.toFixed(x >= 10 ? 1 : 2));
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

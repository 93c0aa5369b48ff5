import { comparisons } from './comparisons.ts';
import type { Document, Row } from './document.ts';
import type { Effort } from './measure.ts';
import type { Yardstick } from './rates.ts';

/** Columns and rows of the summary, by the names of works and peers. */
const WORKS: Record<string, string> = {
  A: 'training 784-1200-1200-10, batch 128',
  C: 'training 784-30-30-10, batch 100',
  'infer-1': 'inference 784-800-800-10, 1 row',
  'infer-int8-1': '1 row, 8 bits',
  'infer-128': '128 rows',
};
const IMAGE_WORKS: Record<string, string> = {
  vgg: 'training a small VGG',
  'objective-attention': 'a small student by attention transfer',
  'objective-relational': 'by relations (RKD)',
  'conv-28x28x32-32': 'convolutions of 3×3, forward',
  'depthwise-28x28x32': 'depthwise 3×3, 28×28×32',
  'depthwise-14x14x128': '14×14×128',
  'infer-squeezenet-1': 'inference of SqueezeNet 1.1, 1 image',
  'infer-resnet8-1': 'of ResNet-8',
};
const PEERS: Record<string, string> = {
  'tfjs-wasm-best': 'TensorFlow.js (wasm), backward pass by hand',
  'tfjs-wasm-api': 'TensorFlow.js (wasm), `optimizer.minimize`',
  'jax-js': 'jax-js (wasm), `jit`',
  'ort-web': 'onnxruntime-web (wasm)',
  'torch-avx512': 'PyTorch + OpenBLAS, AVX-512 (native)',
  'torch-avx2': 'PyTorch + OpenBLAS, AVX2 (native)',
  torch: 'PyTorch + OpenBLAS + oneDNN, what the CPU has (native)',
};

/** docs/benchmarks.md: what was measured, on what, how, and the results. */
export function page(document: Document, { rounds }: Effort): string {
  return `# Benchmarks

Written by \`npm run bench:peers -- --write docs/benchmarks.md\`; not edited by hand.

${machine(document)}

## Beside other libraries

How many times as fast as the peer: its time over ours, each on one thread.

${summary(document, WORKS)}

Convolutional networks and their parts:

${summary(document, IMAGE_WORKS)}

## All rows

${table(document)}
## How it is measured

* Values are medians of ${rounds} rounds in one run; in each round all subjects take their turn, and a ratio is taken within
  a round, so that a neighbor's noise falls on both sides. The spread is half the distance between the quartiles.
* Two yardsticks are measured right before and after every subject: the peak, which is the rate of multiply + add on registers
  alone (12 chains), and a large product (600×800×800). A share is of the lower of the two, round by round: where the
  product is slower than the probe, either the probe isn't what kernels are limited by, or a neighbor takes units of the core
  that the probe doesn't wait for; where the probe is slower, it is what the goals were set against. The product itself is
  held against the probe. Steps of convolutional networks are shares of the large product alone.
* Flops counted are those that the work needs, products with zeros of the padding included: the first layer's input
  gradient isn't. \`conv-fwd\` and \`conv-dw\` are over this engine's products of the same m, n and k on patches that lie
  there already, \`conv-dx\` over dY·Wᵀ and a col2im.
* A run in which a yardstick's 10th and 90th percentile are further apart than a tenth says so at its top.
* Before a thing is timed its result is checked: products and logits against float64, the KD loss and its gradient against
  plain JavaScript, and of a training step the losses before each of five steps from the same weights, ours and the peers',
  against a float64 reference (of convolutional networks a recorded one). Convolutions are checked against float64 as well. A
  wrong result ends the run.
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
        `| \`${r.id}\` | ${number(r.value)} | ${r.goal ?? ''} | ${verdict(r)} | ${percent(r.spread)} | ${r.detail} |`,
    ),
  ];
  if (peers.length > 0) lines.push('', ...peers.map((p) => `* ${p.name} ${p.version}: ${p.detail}`));
  if (absent.length > 0) lines.push('', ...absent.map((a) => `* absent: \`${a.name}\`: ${a.why}`));
  return `${lines.join('\n')}\n`;
}

/** What it ran on, and before all else whether the machine did something else too. */
export function machine({ cpu, node, date, peak, product, disturbed, part }: Document): string {
  const lines = [
    `${cpu}, Node ${node}, ${date.slice(0, 10)}. Peak (register-only multiply + add): ${rate(peak)}. A large product (600×800×800): ${rate(product)}.`,
  ];
  if (part) lines.unshift(`Only rows whose ids begin with ${part}.`);
  if (disturbed)
    lines.unshift(
      `**The machine was disturbed in this run**: ${disturbed} (10th and 90th percentile). Ratios hold less than their spread says.`,
    );
  return lines.join('\n\n');
}

const rate = ({ gflops, low, high }: Yardstick) =>
  `${gflops.toFixed(1)} GFLOP/s (${low.toFixed(1)} to ${high.toFixed(1)})`;
const verdict = ({ met }: Row) => (met === undefined ? '' : met ? 'yes' : '**no**');

/** The comparisons, peers down and works across. */
function summary({ rows }: Document, works: Record<string, string>): string {
  const cell = (peer: string, work: string) => {
    const found = comparisons.find((c) => c.peer === peer && columnOf(c.work) === work);
    const row = rows.find(({ id }) => id === (found?.group ?? found?.id));
    return row ? number(row.value) : '';
  };
  const lines = Object.entries(PEERS).flatMap(([peer, name]) => {
    const cells = Object.keys(works).map((work) => cell(peer, work));
    return cells.some((value) => value !== '') ? [`| ${name} | ${cells.join(' | ')} |`] : [];
  });
  return [
    `| | ${Object.values(works).join(' | ')} |`,
    `|---|${Object.keys(works)
      .map(() => '---:|')
      .join('')}`,
    ...lines,
  ].join('\n');
}

/** A peer that is very slow does a smaller batch. */
const columnOf = (work: string): string => (work === 'vgg-10' ? 'vgg' : work);

const number = (x: number): string => (x >= 100 ? x.toFixed(0) : x.toFixed(x >= 10 ? 1 : 2));
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

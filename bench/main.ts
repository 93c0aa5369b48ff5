import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { breakdown, TRAININGS } from './breakdown.ts';
import { type Document, emptyDocument } from './document.ts';
import { machine, page, table } from './markdown.ts';
import { installPeers } from './peers/install.mjs';
import { isDisturbed, yardstickOf } from './rates.ts';
import { convolutionRows } from './rows-conv.ts';
import { networkStepRows } from './rows-conv-steps.ts';
import { depthwiseRows } from './rows-depthwise.ts';
import { fastRows } from './rows-fast.ts';
import { kernelRows } from './rows-kernels.ts';
import { normRows } from './rows-norm.ts';
import { objectiveRows } from './rows-objectives.ts';
import { peerRows } from './rows-peers.ts';
import { stepRows } from './rows-steps.ts';
import type { Run } from './run.ts';
import { Yardsticks } from './yardsticks.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    'install-peers': { type: 'boolean', default: false },
    write: { type: 'string' },
    breakdown: { type: 'boolean', default: false },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const HELP = `npm run bench [-- options]
npm run bench:peers [-- options]

Measures this machine's peak, the kernels, whole training steps and those peers that are here, interleaved, and prints
medians as ratios. bench:peers installs the peers first (--install-peers).

  --json        one JSON document on standard output instead of a table
  --write FILE  the results into a Markdown file too (docs/benchmarks.md)
  --breakdown   only where the time of each step goes, by family of instructions and one by one; with --only of those
                steps: A, B, C, vgg, resnet8, lenet
  --only IDS    only rows whose ids begin with one of these, separated by commas: conv, step-vgg
  --quick       fewer rounds: a look, not a result
`;

const effort = values.quick ? { rounds: 5, milliseconds: 15 } : { rounds: 21, milliseconds: 40 };

const only = values.only?.split(',');
const wants = (id: string) => !only || only.some((start) => id.startsWith(start));

/** Each family of rows, in the order of the table. */
const families: readonly [what: string, rows: (run: Run) => Promise<void>][] = [
  ['kernels', kernelRows],
  ['convolutions', convolutionRows],
  ['depthwise convolutions', depthwiseRows],
  ['batch norm and pooling', normRows],
  ['training steps', stepRows],
  ['training steps of convolutional networks', networkStepRows],
  ['training steps by objective', objectiveRows],
  ['fast build', fastRows],
  ['peers', peerRows],
];

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(HELP);
  if (values.breakdown) {
    for (const name of only ?? TRAININGS) process.stdout.write(`${await breakdown(name, effort)}\n`);
    return;
  }
  const trouble = values['install-peers'] ? installPeers() : undefined;
  if (trouble) process.stderr.write(`${trouble}\n`);
  const document = emptyDocument();
  if (values.only) document.part = values.only;
  const yardsticks = new Yardsticks();
  await yardsticks.warmUp(effort);
  for (const [what, rows] of families) {
    process.stderr.write(`${what} …\n`);
    await yardsticks.glance(effort.milliseconds);
    await rows({ document, effort, wants, yardsticks });
  }
  conclude(document, yardsticks);
  if (values.write) await writeFile(values.write, page(document, effort));
  process.stdout.write(
    values.json ? `${JSON.stringify(document, null, 2)}\n` : `${machine(document)}\n\n${table(document)}`,
  );
}

/** What the yardsticks say of the whole run. */
function conclude(document: Document, { rates }: Yardsticks): void {
  document.peak = yardstickOf(rates.peak);
  document.product = yardstickOf(rates.product);
  const { peak, product } = document;
  const disturbed = [
    ['the probe', peak],
    ['a large product', product],
  ] as const;
  const said = disturbed
    .filter(([, yardstick]) => isDisturbed(yardstick))
    .map(([what, { low, high }]) => `${what} did ${low.toFixed(1)} to ${high.toFixed(1)} GFLOP/s`);
  if (said.length > 0) document.disturbed = said.join(', ');
}

await main();
process.exit(0);

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { breakdown } from './breakdown.ts';
import { emptyDocument } from './document.ts';
import { machine, page, table } from './markdown.ts';
import { installPeers } from './peers/install.mjs';
import { fastRows } from './rows-fast.ts';
import { kernelRows } from './rows-kernels.ts';
import { peerRows } from './rows-peers.ts';
import { stepRows } from './rows-steps.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    'install-peers': { type: 'boolean', default: false },
    write: { type: 'string' },
    breakdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const HELP = `npm run bench [-- options]
npm run bench:peers [-- options]

Measures this machine's peak, the kernels, whole training steps and those peers that are here, interleaved, and prints
medians as ratios. bench:peers installs the peers first (--install-peers).

  --json        one JSON document on standard output instead of a table
  --write FILE  the results into a Markdown file too (docs/benchmarks.md)
  --breakdown   only where the time of each step goes, instruction by instruction
  --quick       fewer rounds: a look, not a result
`;

const effort = values.quick ? { rounds: 5, milliseconds: 15 } : { rounds: 21, milliseconds: 40 };

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(HELP);
  if (values.breakdown) {
    for (const name of ['A', 'B', 'C'] as const) process.stdout.write(`${await breakdown(name, effort)}\n`);
    return;
  }
  const say = (what: string) => void process.stderr.write(`${what} …\n`);
  const trouble = values['install-peers'] ? installPeers() : undefined;
  if (trouble) process.stderr.write(`${trouble}\n`);
  const document = emptyDocument();
  say('kernels');
  await kernelRows(document, effort);
  say('training steps');
  await stepRows(document, effort);
  say('fast build');
  await fastRows(document, effort);
  say('peers');
  await peerRows(document, effort);
  if (values.write) await writeFile(values.write, page(document, effort));
  process.stdout.write(
    values.json ? `${JSON.stringify(document, null, 2)}\n` : `${machine(document)}\n\n${table(document)}`,
  );
}

await main();
process.exit(0);

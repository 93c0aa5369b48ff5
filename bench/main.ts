import { parseArgs } from 'node:util';
import { emptyDocument, markdown } from './document.ts';
import { kernelRows } from './rows-kernels.ts';
import { stepRows } from './rows-steps.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const HELP = `npm run bench [-- options]

Measures this machine's peak, the kernels and whole training steps, interleaved, and prints medians as ratios.

  --json    one JSON document on standard output instead of a table
  --quick   fewer rounds: a look, not a result
`;

/** Rounds over all subjects, and milliseconds each is timed in a round. */
const effort = values.quick ? { rounds: 5, milliseconds: 15 } : { rounds: 21, milliseconds: 40 };

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(HELP);
  const document = emptyDocument();
  const say = (what: string) => process.stderr.write(`${what} …\n`);
  say('kernels');
  await kernelRows(document, effort);
  say('training steps');
  await stepRows(document, effort);
  process.stdout.write(values.json ? `${JSON.stringify(document, null, 2)}\n` : markdown(document));
}

await main();
process.exit(0);

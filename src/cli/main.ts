#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { distillCommand } from './commands/distill.js';
import { evaluateCommand } from './commands/evaluate.js';
import { infoCommand } from './commands/info.js';
import { predictCommand } from './commands/predict.js';
import { reproduceCommand } from './commands/reproduce.js';
import { softenCommand } from './commands/soften.js';
import { trainCommand } from './commands/train.js';
import { type Context, version } from './context.js';
import { INTERRUPTED, isAborted, onInterrupt, rootOf } from './interrupt.js';
import { createProgress } from './progress.js';
import { UsageError } from './usage.js';

const FAILED = 1;
const MISUSED = 2;

/** How what a command left unfinished is continued. */
const CONTINUED: Readonly<Record<string, string>> = {
  distill: '; continue with the same command and --resume',
  train: '; continue with the same command and --resume',
  reproduce: '; the same command continues',
};

function createProgram(context: Context): Command {
  const program = new Command('wasm-distill')
    .description(
      'Knowledge distillation on WebAssembly SIMD and threads: the same seed gives the same weights, bit for bit.',
    )
    .version(version)
    .exitOverride()
    // Errors are told in one place, below.
    .configureOutput({ outputError: () => {} });
  for (const add of [
    distillCommand,
    trainCommand,
    softenCommand,
    evaluateCommand,
    predictCommand,
    infoCommand,
    reproduceCommand,
  ]) {
    add(program, context);
  }
  return program;
}

async function main(args: string[]): Promise<number> {
  const context: Context = { progress: createProgress(process.stderr), controller: new AbortController() };
  onInterrupt(() => {
    context.progress.say('stopping; Ctrl-C again gives up at once');
    context.controller.abort();
  });
  const program = createProgram(context);
  const command = program.commands.map((known) => known.name()).find((name) => name === args[0]);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    context.progress.close();
    return tell(rootOf(error, context.controller.signal), command);
  } finally {
    context.progress.close();
  }
}

/** Says on standard error what went wrong, in one sentence, and answers the exit code. */
function tell(error: unknown, command: string | undefined): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (isAborted(error)) {
    console.error(`stopped${CONTINUED[command ?? ''] ?? ''}`);
    return INTERRUPTED;
  }
  if (error instanceof CommanderError || error instanceof UsageError) {
    const sentence = error.message
      .replace(/^error: |\.$/g, '')
      .replace('. Expected', ': expected')
      .replace(/\s*\n\s*/g, ' ');
    console.error(`wasm-distill: ${sentence}; see wasm-distill ${command ? `${command} ` : ''}--help`);
    return MISUSED;
  }
  console.error(`wasm-distill: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.DEBUG && error instanceof Error) console.error(error.stack);
  return FAILED;
}

// A reader that has seen enough, such as head, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : FAILED),
);

process.exitCode = await main(process.argv.slice(2));

import { Command, CommanderError } from 'commander';
import type { Context } from '../context.ts';
import { INTERRUPTED, isAborted, onInterrupt, rootOf } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { UsageError } from './usage.ts';

const FAILED = 1;
const MISUSED = 2;

/** A program, and what it says of itself where it ends without success. */
export interface Program {
  /** What errors begin with. */
  name: string;
  /** Adds its name, options and commands. */
  define(command: Command, context: Context): void;
  /** The command line that tells how the given one is used. */
  help(args: readonly string[]): string;
  /** How what was left unfinished is continued, as the end of a sentence; '' where it isn't. */
  continued(args: readonly string[]): string;
}

/** Runs a program as this process: its exit code, Ctrl-C, and errors in one sentence. */
export async function runProgram(program: Program, args: string[]): Promise<void> {
  // A reader that has seen enough, such as head, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : FAILED),
  );
  process.exitCode = await run(program, args);
}

async function run(program: Program, args: string[]): Promise<number> {
  const context: Context = { progress: createProgress(process.stderr), controller: new AbortController() };
  onInterrupt(() => {
    context.progress.say('stopping; Ctrl-C again gives up at once');
    context.controller.abort();
  });
  // Errors are told in one place, below.
  const command = new Command().exitOverride().configureOutput({ outputError: () => {} });
  program.define(command, context);
  try {
    await command.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    context.progress.close();
    return tell(rootOf(error, context.controller.signal), program, args);
  } finally {
    context.progress.close();
  }
}

/** Says on standard error what went wrong, in one sentence, and answers the exit code. */
function tell(error: unknown, { name, help, continued }: Program, args: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (isAborted(error)) {
    console.error(`stopped${continued(args)}`);
    return INTERRUPTED;
  }
  if (error instanceof CommanderError || error instanceof UsageError) {
    const sentence = error.message
      .replace(/^error: |\.$/g, '')
      .replace('. Expected', ': expected')
      .replace(/\s*\n\s*/g, ' ');
    console.error(`${name}: ${sentence}; see ${help(args)}`);
    return MISUSED;
  }
  console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.DEBUG && error instanceof Error) console.error(error.stack);
  return FAILED;
}

import { Command, CommanderError } from 'commander';
import type { Context } from '../context.ts';
import { INTERRUPTED, isAborted, onInterrupt, rootOf } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { UsageError } from './usage.ts';

const FAILED = 1;
const MISUSED = 2;

/** A program, and what it says about itself when it fails. */
export interface Program {
  /** The prefix of error messages. */
  name: string;
  /** Adds its name, options and commands. */
  define(command: Command, context: Context): void;
  /** The command line that shows help for the given one. */
  help(args: readonly string[]): string;
  /** How to continue unfinished work, as the end of a sentence; '' if there is no way. */
  continued(args: readonly string[]): string;
}

/** Runs a program as this process: its exit code, Ctrl-C, and errors in one sentence. */
export async function runProgram(program: Program, args: string[]): Promise<void> {
  // A reader that stops early, such as head, isn't a failure.
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
  // Errors are reported in one place, below.
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

/** Says on standard error what went wrong, in one sentence, and returns the exit code. */
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

import { Command, CommanderError } from 'commander';
import type { Context } from '../context.ts';
import { isAborted, onInterrupt, rootOf } from './interrupt.ts';
import { FAILED, watchOutput } from './output.ts';
import { createProgress } from './progress.ts';
import { UsageError } from './usage.ts';

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
  const output = watchOutput(program.name);
  const code = await run(program, args);
  process.exitCode = code === 0 ? output.code() : code;
}

async function run(program: Program, args: string[]): Promise<number> {
  const context: Context = { progress: createProgress(process.stderr), controller: new AbortController() };
  // However the process ends, it leaves the cursor visible.
  process.once('exit', () => context.progress.close());
  const interrupted = onInterrupt(() => {
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
    return tell(rootOf(error, context.controller.signal), program, args, interrupted());
  } finally {
    context.progress.close();
  }
}

/** Says on standard error what went wrong, in one sentence, and returns the exit code. */
function tell(
  error: unknown,
  { name, help, continued }: Program,
  args: readonly string[],
  interrupted: number | undefined,
): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (isAborted(error)) {
    console.error(`stopped${continued(args)}`);
    return interrupted ?? FAILED;
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

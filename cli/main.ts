#!/usr/bin/env node
import { providePackages } from 'wasm-distill/formats';
import { checkGpuCommand } from './commands/check-gpu.ts';
import { distillCommand } from './commands/distill.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { infoCommand } from './commands/info.ts';
import { objectivesCommand } from './commands/objectives.ts';
import { predictCommand } from './commands/predict.ts';
import { quantizeCommand } from './commands/quantize.ts';
import { softenCommand } from './commands/soften.ts';
import { trainCommand } from './commands/train.ts';
import { version } from './context.ts';
import { type Program, runProgram } from './terminal/program.ts';

const NAME = 'wasm-distill';

const COMMANDS = {
  distill: distillCommand,
  train: trainCommand,
  soften: softenCommand,
  evaluate: evaluateCommand,
  predict: predictCommand,
  quantize: quantizeCommand,
  export: exportCommand,
  info: infoCommand,
  objectives: objectivesCommand,
  'check-gpu': checkGpuCommand,
};

/** The commands that keep checkpoints. */
const RESUMED = ['distill', 'train'];

const program: Program = {
  name: NAME,
  define: (command, context) => {
    command
      .name(NAME)
      .description(
        'Knowledge distillation on WebAssembly SIMD and threads: the same seed gives the same weights, bit for bit.',
      )
      .version(version);
    for (const add of Object.values(COMMANDS)) add(command, context);
  },
  help: ([command = '']) => `${NAME} ${Object.hasOwn(COMMANDS, command) ? `${command} ` : ''}--help`,
  continued: ([command = '']) =>
    RESUMED.includes(command) ? '; continue with the same command and --resume' : '',
};

// The command line brings what the library only asks for: the build bundles these into files of their own.
providePackages({
  hyparquet: () => import('hyparquet'),
  // biome-ignore lint/style/noRestrictedImports: a public path of that package.
  'hyparquet/src/column.js': () => import('hyparquet/src/column.js'),
  // biome-ignore lint/style/noRestrictedImports: the same.
  'hyparquet/src/datapage.js': () => import('hyparquet/src/datapage.js'),
  'hyparquet-compressors': () => import('hyparquet-compressors'),
});

const args = process.argv.slice(2);
await runProgram(program, args.length > 0 ? args : ['--help']);

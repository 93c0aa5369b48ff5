import type { Command } from 'commander';
import type { Architecture, Dataset, Engine } from 'wasm-distill';
import type { TrainJob } from 'wasm-distill/jobs';
import { type Context, environment, withEngine } from '../context.ts';
import { DATA_OPTIONS } from '../data/ask.ts';
import { dryRun, loadData } from '../data/load.ts';
import { checkFree } from '../files/earlier.ts';
import { files, inFolder, writeAtomic } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import {
  addOptions,
  checkOverwriting,
  configOf,
  type OptionName,
  readOptions,
  type Settings,
} from '../options/options.ts';
import { curve, modelReport, trainingSeconds } from '../report/build.ts';
import { resultsTable } from '../report/table.ts';
import { networkOf, regularized } from '../training/plan.ts';
import { openRun, referencesTo } from '../training/run.ts';

const OPTIONS = [
  ...DATA_OPTIONS,
  'dryRun',
  'limit',
  'model',
  'hidden',
  'epochs',
  'batch',
  'lr',
  'jitter',
  'dropout',
  'maxNorm',
  'seed',
  'threads',
  'out',
  'resume',
  'force',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill train                                      the student's network on labels alone
  wasm-distill train --hidden 1200,1200 --jitter 2 --epochs 30 --out runs/teacher
  wasm-distill train --model "conv16k5v pool conv32k5v pool dense128" --jitter 2
  wasm-distill train --data fashion-mnist --hidden 256    four IDX files in the folder fashion-mnist
  wasm-distill train --resume                             go on after Ctrl-C or a crash`;

export function trainCommand(program: Command, context: Context): void {
  const command = program
    .command('train')
    .summary('train one model on hard labels')
    .description('Trains one model on hard labels and counts its errors on the test images after each epoch.')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    epochs: { help: 'how often all training images are learned from' },
    lr: { help: 'learning rate at the start; it falls to 0 along half a cosine; auto is 0.1' },
    jitter: { help: 'greatest random shift of a training image, in pixels each way', value: 0 },
    dropout: { help: 'share of the hidden units that is dropped in each step' },
    maxNorm: { help: "greatest norm of a unit's incoming weights, 0 for none" },
    out: { help: 'where model.safetensors and report.json go (default: runs/train-seed<n>)' },
  });
  command.action((raw) => run(readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(options: Options, context: Context): Promise<void> {
  if (options.dryRun) return dryRun(options, context.progress);
  const folder = options.out ?? `runs/train-seed${options.seed}`;
  checkOverwriting(options);
  const report = await inFolder(folder, async () => {
    await checkFree(folder, options);
    const made = await withEngine(options.threads, (engine) => trainOne(engine, folder, options, context));
    await writeAtomic(files.json(folder), json(made));
    return made;
  });
  context.progress.close();
  process.stdout.write(
    options.json
      ? json(report)
      : `${resultsTable([report.model], report.testSize)}\n\nmodel  ${report.model.file}\n`,
  );
}

/** --hidden has a default, which --model makes meaningless. */
function withoutUnused({ hidden, ...options }: Options): Omit<Options, 'hidden'> & Partial<Options> {
  return options.model === undefined ? { ...options, hidden } : options;
}

function networkFor({ model, hidden }: Options, data: Dataset): Architecture {
  return model === undefined ? networkOf('--hidden', hidden, data) : networkOf('--model', model, data);
}

async function trainOne(engine: Engine, folder: string, options: Options, context: Context) {
  const data = await loadData(options, context.progress);
  const job: TrainJob = {
    kind: 'train',
    title: 'model',
    ...regularized(networkFor(options, data.train), options, options.lr),
    ...(await referencesTo(data)),
    lesson: { kind: 'labels' },
    epochs: options.epochs,
    seed: options.seed,
    batch: options.batch,
  };
  const jobs = [{ name: 'model', job }];
  const runner = await openRun(engine, context, { folder, resume: options.resume, data, jobs });
  const trained = await runner.train([job]);
  const { relativeCost: _, ...model } = await modelReport(trained[0]!, files.model(folder, 'model'), 1);
  return {
    config: configOf({ ...withoutUnused(options), limit: data.train.size, out: folder }),
    data: data.facts,
    environment: environment(engine),
    model,
    seconds: trainingSeconds(trained),
    testSize: data.test.size,
    curve: curve(trained[0]!).points,
  };
}

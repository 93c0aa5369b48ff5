import type { Command } from 'commander';
import { type Architecture, type Dataset, type Engine, evaluate } from 'wasm-distill';
import { shorthandOf } from 'wasm-distill/graph';
import type { TrainJob } from 'wasm-distill/jobs';
import { type Context, environment, withEngine } from '../context.ts';
import { DATA_OPTIONS } from '../data/ask.ts';
import { dryRun, loadData } from '../data/load.ts';
import { preparationOf } from '../data/preparation.ts';
import { hashOf, someSamples } from '../data/stream.ts';
import { checkFree } from '../files/earlier.ts';
import { files, writeAtomic } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import { checkOnnxOptions } from '../onnx/teacher.ts';
import { defaultNetworks } from '../options/default-networks.ts';
import {
  addOptions,
  checkOverwriting,
  configOf,
  type OptionName,
  readOptions,
  type Settings,
} from '../options/options.ts';
import { balanced } from '../report/balanced.ts';
import { curve, modelReport, trainingSeconds } from '../report/build.ts';
import { spreadOf, spreadTable } from '../report/spread.ts';
import { resultsTable } from '../report/table.ts';
import { exported, exportedLines } from '../training/exported.ts';
import { kept, networkOf, regularized } from '../training/plan.ts';
import { openRun } from '../training/run.ts';
import { runSeeds } from '../training/seeds.ts';
import { Sets } from '../training/sets.ts';
import { networkLike, sayStart, startOf, withInputOf } from '../training/start.ts';
import type { GivenNetwork } from '../training/teachers.ts';
import { checkKeep, given } from '../training/validation.ts';
import { onCollapse } from '../training/verdicts.ts';
import { Warnings } from '../training/warnings.ts';

const OPTIONS = [
  ...DATA_OPTIONS,
  'dryRun',
  'limit',
  'model',
  'hidden',
  'from',
  'teacherMean',
  'teacherStd',
  'epochs',
  'keep',
  'batch',
  'lr',
  'jitter',
  'dropout',
  'maxNorm',
  'seed',
  'seeds',
  'threads',
  'backend',
  'out',
  'format',
  'resume',
  'allowOtherBackend',
  'force',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill train                                      the student's network on labels alone
  wasm-distill train --hidden 1200,1200 --jitter 2 --epochs 30 --out runs/teacher
  wasm-distill train --model "conv16k5v pool conv32k5v pool dense128" --jitter 2
  wasm-distill train --data fashion-mnist --hidden 256    four IDX files in the folder fashion-mnist
  wasm-distill train --from runs/teacher/model.safetensors --data digits   its layers, for other classes
  wasm-distill train --resume                             go on after Ctrl-C or a crash`;

export function trainCommand(program: Command, context: Context): void {
  const command = program
    .command('train')
    .summary('train one model on hard labels')
    .description('Trains one model on hard labels and counts its errors on the test images after each epoch.')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    teacherMean: {
      help: 'what an ONNX model to start from has subtracted from values (of images: of bytes / 255), one number or one for each channel, with commas between (default: 0)',
    },
    epochs: { help: 'how often all training images are learned from' },
    lr: { help: 'learning rate at the start; it falls to 0 along half a cosine; auto is 0.1' },
    jitter: { help: 'greatest random shift of a training image, in pixels each way', value: 0 },
    dropout: { help: 'share of the hidden units that is dropped in each step' },
    maxNorm: { help: "greatest norm of a unit's incoming weights, 0 for none" },
    out: { help: 'where model.safetensors and report.json go (default: runs/train-seed<n>)' },
    format: {
      help: 'onnx, int8 (8-bit weights) or both with a comma between: the model is also written so, beside its safetensors file',
    },
  });
  command.action((raw) => run(readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(options: Options, context: Context): Promise<void> {
  if (options.dryRun) return dryRun(options, context.progress, () => loadData(options, context));
  checkOverwriting(options);
  return runSeeds(options, context, {
    name: 'train',
    one: (seed, folder) => reported({ ...options, seed, out: folder }, folder, context),
    text: ({ model, testSize }) =>
      [`${resultsTable([model], testSize)}\n`, `model    ${model.file}`, ...exportedLines(model)].join('\n'),
    together: (runs, seeds) => ({
      summary: {
        seeds,
        testSize: runs[0]!.testSize,
        model: spreadOf(runs.map(({ model }) => model.testErrors)),
      },
    }),
    textTogether: ({ summary: { seeds, testSize, model } }) =>
      spreadTable(`${seeds.length} seeds`, [['model', model]], testSize),
  });
}

async function reported(options: Options, folder: string, context: Context) {
  await checkFree(folder, options);
  const made = await withEngine(options, (engine) => trainOne(engine, folder, options, context));
  await writeAtomic(files.json(folder), json(made));
  return made;
}

/** The network, and how a report records the option that it comes from. */
function networkFor(
  { model, hidden }: Options,
  from: GivenNetwork | undefined,
  data: Dataset,
): { architecture: Architecture; config: { model?: string; hidden?: string } } {
  if (model !== undefined) return { architecture: networkOf('--model', model, data), config: { model } };
  if (hidden === undefined && from) {
    const architecture = networkLike(from, data);
    return { architecture, config: { model: shorthandOf(architecture, { names: false }) } };
  }
  const units = hidden ?? defaultNetworks(data).student;
  return { architecture: networkOf('--hidden', units, data), config: { hidden: units } };
}

async function trainOne(engine: Engine, folder: string, options: Options, context: Context) {
  const data = await loadData(options, context);
  checkKeep(data, options);
  const some = await someSamples(data.train, context);
  checkOnnxOptions(options, options.from === undefined ? [] : [options.from]);
  const from = await startOf(options, some, context.progress);
  const { architecture: named, config } = networkFor(options, from, some);
  const architecture = from ? withInputOf(from, named, some) : named;
  if (from) sayStart(context.progress, from, architecture, some);
  const sets = new Sets((data) => hashOf(data, context));
  const job: TrainJob = {
    kind: 'train',
    title: 'model',
    ...regularized(architecture, options, { lr: options.lr, usual: 0.1 }),
    ...(await sets.references(data)),
    ...kept(options),
    lesson: { kind: 'labels' },
    epochs: options.epochs,
    seed: options.seed,
    batch: options.batch,
    ...(from && { initial: from.reference }),
  };
  const jobs = [{ name: 'model', job }];
  const warnings = new Warnings(context.progress);
  const runner = await openRun(engine, context, {
    folder,
    resume: options.resume,
    allowOtherBackend: options.allowOtherBackend,
    sets,
    jobs,
    given: from ? [from] : [],
    warnings,
    made: preparationOf(data),
  });
  const trained = (await runner.train([job]))[0]!;
  const { relativeCost: _, ...model } = await modelReport(trained, files.model(folder, 'model'), 1);
  warnings.tell(onCollapse(model));
  const imbalanced = data.facts.imbalanced ?? false;
  const counted = imbalanced ? await evaluate(engine, trained.model, data.test) : undefined;
  return {
    config: configOf({ ...options, hidden: undefined, ...config, limit: given(data), out: folder }),
    data: data.facts,
    environment: environment(engine),
    model: {
      ...{ ...model, ...(await exported(model.file, options.format)) },
      ...balanced(imbalanced, counted?.confusion),
    },
    warnings: warnings.sentences,
    seconds: trainingSeconds([trained]),
    testSize: data.test.size,
    ...(data.validation && { validationSize: data.validation.size }),
    curve: curve(trained).points,
  };
}

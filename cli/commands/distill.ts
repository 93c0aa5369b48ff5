import type { Command } from 'commander';
import type { Engine } from 'wasm-distill';
import { type Context, withEngine } from '../context.ts';
import { DATA_OPTIONS } from '../data/ask.ts';
import { dryRun, type LoadedData, loadData, loadFurther } from '../data/load.ts';
import type { Data } from '../data/reader.ts';
import { outlineOf, resident, someSamples } from '../data/stream.ts';
import { checkFree } from '../files/earlier.ts';
import { files, writeAtomic } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import { checkOnnxOptions, ONNX_OPTIONS } from '../onnx/teacher.ts';
import { applyPreset } from '../options/apply-preset.ts';
import { checkObjective, kdTemperature, type ObjectiveOptions } from '../options/objective.ts';
import {
  addOptions,
  checkOverwriting,
  configOf,
  type OptionName,
  readOptions,
  type Settings,
} from '../options/options.ts';
import { presetsHelp } from '../options/presets.ts';
import type { Report } from '../report/report.ts';
import { summaryOf, summaryTable } from '../report/spread.ts';
import { reportTable } from '../report/table.ts';
import { checkKnows, knownSoft, type SoftTeacher, softTeachers } from '../soft/teachers.ts';
import { distill } from '../training/distill.ts';
import { exported, exportedLines } from '../training/exported.ts';
import { checkOneOrder } from '../training/fit-classes.ts';
import { givenTeachers, knownTeachers } from '../training/known-teachers.ts';
import { runSeeds } from '../training/seeds.ts';
import { checkAlpha, settle } from '../training/settle.ts';
import { sayTeacherImages, teacherImages } from '../training/teacher-size.ts';
import { closeTeachers, type GivenModel } from '../training/teachers.ts';
import { parseTransfer, transferSet } from '../training/transfer.ts';
import { checkKeep, given } from '../training/validation.ts';
import { onKnown } from '../training/verdicts.ts';
import { Warnings } from '../training/warnings.ts';

const OPTIONS = [
  'preset',
  ...DATA_OPTIONS,
  'dryRun',
  'limit',
  'transfer',
  'teachers',
  'teacher',
  ...ONNX_OPTIONS,
  'soft',
  'softKind',
  'softTemperature',
  'softId',
  'teacherClasses',
  'dropClasses',
  'student',
  'from',
  'temperature',
  'teacherTemperature',
  'alpha',
  'objective',
  'weight',
  'taps',
  'hintEpochs',
  'loss',
  'epochs',
  'teacherEpochs',
  'keep',
  'batch',
  'lr',
  'teacherLr',
  'jitter',
  'dropout',
  'maxNorm',
  'unlabeled',
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
  wasm-distill distill                                     all of MNIST, three teachers
  wasm-distill distill --preset demo                       a small student that sees 3 % of it
  wasm-distill distill --limit 3000 --epochs 4             a quick look
  wasm-distill distill --teachers 5 --temperature 4 --out runs/five
  wasm-distill distill --teacher big.safetensors --teacher 400,400 --transfer 10%
  wasm-distill distill --data photos --soft logits.npz     outputs that another program made teach
  wasm-distill distill --data photos --teacher big.onnx --teacher-mean 0.5 --teacher-std 0.25
  wasm-distill distill --unlabeled 0.9 --loss two-term     few labels for the students
  wasm-distill distill --preset attention-transfer --objective kd+at:power=4 --weight at=10
  wasm-distill distill --val 0.1 --keep best --seeds 3     choices by a validation part; mean and deviation
  wasm-distill distill --data photos --size 32             images in a folder for each class
  wasm-distill distill --data iris.csv --dry-run           what is understood of a table
  wasm-distill distill --format onnx,int8                  the student for other programs, too
  wasm-distill distill --resume                            go on after Ctrl-C or a crash
  wasm-distill distill --json > report.json`;

export function distillCommand(program: Command, context: Context): void {
  const command = program
    .command('distill')
    .summary('train teachers, distill them into a student, and compare')
    .description(
      'Trains an ensemble of teachers, averages their probabilities at a temperature into soft targets, trains a student on these, or on what --objective names, and the same student on hard labels alone, and compares them all on the test images.',
    )
    .addHelpText('after', `${presetsHelp()}\n${EXAMPLES}`);
  addOptions(command, OPTIONS, {
    out: { help: 'where the files go (default: runs/distill-seed<n>)' },
    from: {
      help: 'a .safetensors file that the students start from: layers that fit go on from its weights, others begin anew',
    },
  });
  command.action(() => {
    applyPreset(command);
    const raw = command.opts();
    const chosen = new Set(OPTIONS.filter((name) => isChosen(command.getOptionValueSource(name))));
    // Of a list of objectives each has its own: what the report shows softened is then kd's.
    const kds = kdTemperature(raw.objective, chosen);
    const own = kds === undefined ? {} : { temperature: String(kds) };
    return run({ ...readOptions(OPTIONS, { ...raw, ...own }), chosen }, context);
  });
}

function isChosen(source: string | undefined): boolean {
  return source !== undefined && source !== 'default';
}

type Options = Settings<(typeof OPTIONS)[number]> & ObjectiveOptions;

async function run(options: Options, context: Context): Promise<void> {
  if (options.dryRun) {
    const load = () => loadFor(options, context);
    return dryRun(options, context.progress, load, (data) => aboutTeachers(data, options, context));
  }
  checkOverwriting(options);
  checkAlpha(options);
  checkObjective(options);
  return runSeeds(options, context, {
    name: 'distill',
    one: (seed, folder) => reported({ ...options, seed, out: folder }, folder, context),
    text: (report, folder) => `${reportTable(report)}\n\n${places(report, folder)}`,
    together: (runs, seeds) => ({ summary: summaryOf(runs, seeds) }),
    textTogether: ({ summary }) => summaryTable(summary),
  });
}

/** The data, images made as those of the teachers that are there were. */
async function loadFor(options: Options, context: Context): Promise<LoadedData> {
  const from = await teacherImages(options);
  const data = await loadData(options, context, from ? { images: from.images } : {});
  sayTeacherImages(context.progress, from, data.images);
  return data;
}

/** A run with its reports in files. */
async function reported(options: Options, folder: string, context: Context): Promise<Report> {
  await checkFree(folder, options);
  const made = await withEngine(options, (engine) => distilled(engine, options, folder, context));
  const { reportHtml } = await import('../report/page/report-html.ts');
  await writeAtomic(files.html(folder), await reportHtml(made));
  await writeAtomic(files.json(folder), json(made));
  return made;
}

/** What is known of teachers before anything trains. */
async function aboutTeachers(data: LoadedData, options: Options, context: Context) {
  const { teacher = [] } = options;
  const { progress } = context;
  checkOnnxOptions(options, teacher);
  const { rows } = data;
  const given = await givenTeachers(teacher, outlineOf(data.train), options, progress);
  const soft = await softTeachers(options, { data: outlineOf(data.train), ...(rows && { rows }) }, progress);
  checkOneOrder([...given, ...soft]);
  if (given.length + soft.length === 0) return {};
  const known = await withEngine(options, (engine) =>
    allKnown(engine, context, data, { given, soft }),
  ).finally(() => closeTeachers(given));
  const warnings = new Warnings(context.progress);
  for (const one of known) warnings.tell(onKnown(one));
  return { knownTeachers: known, warnings: warnings.sentences };
}

async function allKnown(
  engine: Engine,
  context: Context,
  data: LoadedData,
  { given, soft }: { given: readonly GivenModel[]; soft: readonly SoftTeacher[] },
) {
  const known = await knownTeachers(engine, context, data, given);
  return [...known, ...(await knownSoft(engine, soft, data, context))];
}

async function distilled(
  engine: Engine,
  options: Options,
  folder: string,
  context: Context,
): Promise<Report> {
  const { progress } = context;
  const { seed, resume, allowOtherBackend } = options;
  const further = parseTransfer(options.transfer);
  const loaded = await loadFor(options, context);
  checkKeep(loaded, options);
  const data = { ...loaded, some: await someSamples(loaded.train, context) };
  const load = (path: string) => loadFurther(path, data, options, context);
  const keep = (part: Data) => resident(part, context, 'reading transfer set');
  const transfer = await transferSet(data.train, further, { seed, load, keep });
  const settled = await settle(options, data, progress);
  const teachers = settled.teachers.flatMap((one) => one.given ?? []);
  try {
    checkKnows(settled.soft, transfer.distilled);
    const { chosen: _, ...said } = options;
    const config = configOf({ ...said, ...settled.config, limit: given(data), out: folder });
    const known = await allKnown(engine, context, data, { given: teachers, soft: settled.soft });
    const made = await distill(engine, context, {
      ...{ folder, resume, allowOtherBackend, data, transfer, plan: options, settled, known, config },
      balanced: data.facts.imbalanced ?? false,
    });
    const { hard, distilled } = made.student;
    const student = {
      hard,
      distilled: { ...distilled, ...(await exported(distilled.file, options.format)) },
    };
    return { ...made, student, data: data.facts };
  } finally {
    await closeTeachers(teachers);
  }
}

function places({ student: { distilled } }: Report, folder: string): string {
  return [
    `student  ${distilled.file}`,
    ...exportedLines(distilled),
    `report   ${files.html(folder)}`,
    `the rest ${folder}`,
  ].join('\n');
}

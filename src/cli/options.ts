import { type Command, Option } from 'commander';
import * as v from 'valibot';
import { BRIEF, DEFAULTS, RECIPES } from './defaults.js';
import { UsageError } from './usage.js';

/** An option of the command line; the schema reads what was typed, and its message completes "--name must be …". */
interface Definition {
  flags: string;
  help: string;
  schema: v.GenericSchema;
  value?: string | number | number[];
}

const LAYERS = 'whole numbers of units such as 800,800 (each from 1 to 65536, at most 16 layers)';

/** Every option, once; the commands take theirs by name. */
const definitions = {
  data: {
    flags: '--data <where>',
    help: 'mnist, or a folder that holds the four IDX files under their usual names, plain or .gz',
    schema: v.pipe(v.string(), v.nonEmpty('mnist or a folder')),
    value: DEFAULTS.data,
  },
  limit: {
    flags: '--limit <n>',
    help: 'only the first n training images',
    schema: v.optional(whole(1, 2 ** 31)),
  },
  teachers: {
    flags: '--teachers <n>',
    help: 'how many teachers the ensemble has',
    schema: whole(1, 100),
    value: DEFAULTS.teachers,
  },
  teacher: {
    flags: '--teacher <units,…>',
    help: 'hidden layers of each teacher',
    schema: layers(),
    value: DEFAULTS.teacher,
  },
  student: {
    flags: '--student <units,…>',
    help: 'hidden layers of the student',
    schema: layers(),
    value: DEFAULTS.student,
  },
  hidden: {
    flags: '--hidden <units,…>',
    help: 'hidden layers of the model',
    schema: layers(),
    value: DEFAULTS.student,
  },
  temperature: {
    flags: '--temperature <T>',
    help: 'temperature of the softmax that makes and learns soft targets',
    schema: real('a number from 0.01 to 1000', (t) => t >= 0.01 && t <= 1000),
    value: DEFAULTS.temperature,
  },
  alpha: {
    flags: '--alpha <a>',
    help: 'weight of the hard labels, from 0 to 1; soft targets have 1 − a',
    schema: real('a number from 0 to 1', (a) => a >= 0 && a <= 1),
    value: DEFAULTS.alpha,
  },
  loss: {
    flags: '--loss <form>',
    help: 'fusion (one cross-entropy with fused targets at T) or two-term (soft at T, hard at 1)',
    schema: v.picklist(['fusion', 'two-term'], 'fusion or two-term'),
    value: DEFAULTS.loss,
  },
  epochs: {
    flags: '--epochs <n>',
    help: 'epochs of each student',
    schema: whole(1, 1e6),
    value: DEFAULTS.epochs,
  },
  teacherEpochs: {
    flags: '--teacher-epochs <n>',
    help: 'epochs of each teacher',
    schema: whole(1, 1e6),
    value: DEFAULTS.teacherEpochs,
  },
  batch: { flags: '--batch <n>', help: 'samples a step', schema: whole(1, 65536), value: DEFAULTS.batch },
  lr: {
    flags: '--lr <rate>',
    help: `learning rate of the students at the start; it falls to 0 along half a cosine; auto is ${RECIPES.hard.lr} on hard labels, ${RECIPES.fusion.lr} by fusion (${RECIPES['brief-fusion'].lr} in fewer than ${BRIEF} steps), ${RECIPES['two-term'].lr} in two terms`,
    schema: v.union([v.pipe(v.literal('auto')), rate('auto or a positive number')]),
    value: DEFAULTS.lr,
  },
  teacherLr: {
    flags: '--teacher-lr <rate>',
    help: 'learning rate of the teachers at the start',
    schema: rate(),
    value: DEFAULTS.teacherLr,
  },
  jitter: {
    flags: '--jitter <pixels>',
    help: 'greatest random shift of a training image of the teachers, in pixels each way',
    schema: whole(0, 16),
    value: DEFAULTS.jitter,
  },
  dropout: {
    flags: '--dropout <share>',
    help: "share of the teachers' hidden units that is dropped in each step",
    schema: real('a number from 0 to less than 1', (p) => p >= 0 && p < 1),
    value: DEFAULTS.dropout,
  },
  maxNorm: {
    flags: '--max-norm <norm>',
    help: "greatest norm of the incoming weights of each of the teachers' units, 0 for none",
    schema: real('0 or a positive number', (norm) => norm >= 0),
    value: DEFAULTS.maxNorm,
  },
  unlabeled: {
    flags: '--unlabeled <share>',
    help: "share of the students' training images whose label is hidden: only soft targets are left of them",
    schema: real('a number from 0 to 1', (share) => share >= 0 && share <= 1),
    value: DEFAULTS.unlabeled,
  },
  seed: {
    flags: '--seed <n>',
    help: 'what every random number follows from: the same seed gives the same weights',
    schema: whole(0, 2 ** 32 - 1),
    value: DEFAULTS.seed,
  },
  threads: {
    flags: '--threads <n>',
    help: 'how many threads work; the weights do not depend on it',
    // The library knows how many it can have, and says so.
    schema: v.union([v.pipe(v.literal('auto')), real('', () => true)], 'auto or a whole number'),
    value: DEFAULTS.threads,
  },
  out: {
    flags: '--out <folder>',
    help: 'where the files go',
    schema: v.optional(v.pipe(v.string(), v.nonEmpty('a path'))),
  },
  resume: {
    flags: '--resume',
    help: 'continue an interrupted run of the same options in its folder',
    schema: v.optional(v.boolean(), false),
  },
  all: { flags: '--all', help: 'every experiment', schema: v.optional(v.boolean(), false) },
  quick: {
    flags: '--quick',
    help: 'smaller networks and fewer images: minutes, and the same ordering',
    schema: v.optional(v.boolean(), false),
  },
  split: {
    flags: '--split',
    help: 'for tuning recipes: train on 50,000 training images and count errors on the other 10,000, never on the test images',
    schema: v.optional(v.boolean(), false),
  },
  collect: {
    flags: '--collect <folder>',
    help: 'join the results of what was run into results.md and results.json in this folder, with plots',
    schema: v.optional(v.pipe(v.string(), v.nonEmpty('a path'))),
  },
  json: {
    flags: '--json',
    help: 'print JSON alone on standard output; progress goes to standard error',
    schema: v.optional(v.boolean(), false),
  },
} satisfies Record<string, Definition>;

export type OptionName = keyof typeof definitions;

/** The values of some options, read and checked. */
export type Settings<K extends OptionName> = { [N in K]: v.InferOutput<(typeof definitions)[N]['schema']> };

type Changes = { [N in OptionName]?: Partial<Pick<Definition, 'flags' | 'help' | 'value'>> };

/** Gives a command its options; `changes` are what differs for this command. */
export function addOptions(command: Command, names: readonly OptionName[], changes: Changes = {}): Command {
  for (const name of names) {
    const { flags, help, value }: Definition = { ...definitions[name], ...changes[name] };
    const option = new Option(flags, help);
    if (value !== undefined) option.default(String(value), String(value));
    command.addOption(option);
  }
  return command;
}

/** Reads what commander collected. @throws UsageError */
export function readOptions<K extends OptionName>(
  names: readonly K[],
  raw: Record<string, unknown>,
): Settings<K> {
  const read = names.map((name) => {
    const { schema, flags }: Definition = definitions[name];
    const result = v.safeParse(schema, raw[name]);
    if (result.success) return [name, result.output];
    throw new UsageError(
      `${flags.split(' ')[0]} must be ${result.issues[0].message}, not ${JSON.stringify(raw[name])}`,
    );
  });
  return Object.fromEntries(read) as Settings<K>;
}

function real(what: string, test: (value: number) => boolean) {
  return v.pipe(
    v.string(),
    v.regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, what),
    v.transform(Number),
    v.finite(what),
    v.check(test, what),
  );
}

function whole(least: number, most: number) {
  return real(
    `a whole number from ${least} to ${most}`,
    (n) => Number.isInteger(n) && n >= least && n <= most,
  );
}

function rate(what = 'a positive number') {
  return real(what, (lr) => lr > 0);
}

function layers() {
  return v.pipe(
    v.string(),
    v.regex(/^\d+(,\d+)*$/, LAYERS),
    v.transform((text) => text.split(',').map(Number)),
    v.check((units) => units.length <= 16 && units.every((n) => n >= 1 && n <= 65536), LAYERS),
  );
}

/** Options as a report records them: those that aren't given and have no default are left out. */
export function configOf(
  settings: Partial<Settings<OptionName>>,
): Record<string, string | number | boolean | number[]> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

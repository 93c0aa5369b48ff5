import { type Effort, interleaved, median } from './measure.ts';
import { makeWork, stepsBeforeReset } from './peers/work.mjs';
import { every, loadedStep, trainable } from './steps.ts';

/** The steps whose time can be broken down. */
export const TRAININGS = ['A', 'B', 'C', 'vgg', 'resnet8', 'lenet'] as const;

interface Part {
  what: string;
  ms: number;
}

/**
 * Where a step's time goes, in this thread: each instruction run by itself, those of one kind together, and what the whole
 * takes, as Markdown.
 */
export async function breakdown(name: string, effort: Effort): Promise<string> {
  const { direct, reset } = loadedStep(trainable(makeWork(name)));
  const { instructions } = direct.program.plans.get('step')!;
  const subject = (name: string, run: () => void) => ({ name, run, before: every(stepsBeforeReset, reset) });
  const whole = subject('whole', () => direct.run('step'));
  const alone = direct.instructions('step').map((run, i) => subject(`${i}`, run));
  const samples = await interleaved([whole, ...alone], effort);
  const total = median(samples.get('whole')!);
  const turned = turnedWeights(instructions);
  const parts = instructions.map((instruction, i): Part & { kind: string } => ({
    kind: turned.has(instruction.fields.weights) ? `${instruction.opcode} to an input` : instruction.opcode,
    what: describe(instruction),
    ms: median(samples.get(`${i}`)!),
  }));
  const all = parts.reduce((sum, { ms }) => sum + ms, 0);
  const line = ({ what, ms }: Part) =>
    `| ${what} | ${(1000 * ms).toFixed(1)} | ${((100 * ms) / total).toFixed(1)} % |`;
  return [
    `Step ${name}: ${total.toFixed(3)} ms`,
    '',
    '| kind of instruction | µs by themselves | share of the step |',
    '|---|---:|---:|',
    ...byKind(parts).map(line),
    line({ what: 'all of them', ms: all }),
    '',
    '| instruction | µs by itself | share of the step |',
    '|---|---:|---:|',
    ...parts.map(line),
    '',
  ].join('\n');
}

/** The times of all instructions of one kind together, longest first. */
function byKind(parts: readonly (Part & { kind: string })[]): Part[] {
  const sums = new Map<string, { ms: number; count: number }>();
  for (const { kind, ms } of parts) {
    const before = sums.get(kind) ?? { ms: 0, count: 0 };
    sums.set(kind, { ms: before.ms + ms, count: before.count + 1 });
  }
  return [...sums]
    .map(([kind, { ms, count }]) => ({ what: `${kind} (${count})`, ms }))
    .sort((a, b) => b.ms - a.ms);
}

type Instruction = { opcode: string; fields: Readonly<Record<string, unknown>> };

/** Where weights lie that were packed the other way round: convolutions by those are gradients of inputs. */
function turnedWeights(instructions: readonly Instruction[]): Set<unknown> {
  const packs = instructions.filter(({ opcode, fields }) => opcode === 'packWeights' && fields.transpose);
  return new Set(packs.map(({ fields }) => fields.y));
}

/** The operation, its sizes, and what is done to its result on the way. */
function describe({ opcode, fields }: Instruction): string {
  const { height, width, channels, filters } = fields;
  const images = height === undefined ? '' : `${height}×${width}×${channels}`;
  const sizes = ['m', 'k', 'n', 'rows', 'columns', 'length', 'inner', 'count']
    .flatMap((name) => fields[name] ?? [])
    .join('×');
  const size = images && filters ? `${images}→${filters}` : images || sizes;
  const how = ['transposeA', 'transposeB', 'relu', 'bias', 'mask'].filter((name) => fields[name]);
  return [opcode, size, ...how].join(' ');
}

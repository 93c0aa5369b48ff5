import { type Effort, interleaved, median } from './measure.ts';
import { type Config, makeWork, stepsBeforeReset } from './peers/work.mjs';
import { every, loadedStep } from './steps.ts';

/** Where a step's time goes, in this thread: each instruction run by itself, and what the whole takes, as Markdown. */
export async function breakdown(name: Config['name'], effort: Effort): Promise<string> {
  const { direct, reset } = loadedStep(makeWork(name));
  const instructions = direct.program.plans.get('step')!.instructions.map(describe);
  const subject = (name: string, run: () => void) => ({ name, run, before: every(stepsBeforeReset, reset) });
  const whole = subject('whole', () => direct.run('step'));
  const alone = direct.instructions('step').map((run, i) => subject(`${i}`, run));
  const samples = await interleaved([whole, ...alone], effort);
  const total = median(samples.get('whole')!);
  const rows = instructions.map((what, i) => ({ what, ms: median(samples.get(`${i}`)!) }));
  const sum = rows.reduce((all, { ms }) => all + ms, 0);
  const line = (what: string, ms: number) =>
    `| ${what} | ${(1000 * ms).toFixed(1)} | ${((100 * ms) / total).toFixed(1)} % |`;
  return [
    `Step ${name}: ${total.toFixed(3)} ms`,
    '',
    '| instruction | µs by itself | share of the step |',
    '|---|---:|---:|',
    ...rows.map(({ what, ms }) => line(what, ms)),
    line('all of them', sum),
    '',
  ].join('\n');
}

/** The operation, its sizes, and what is done to its result on the way. */
function describe({ opcode, fields }: { opcode: string; fields: Readonly<Record<string, unknown>> }): string {
  const sizes = ['m', 'k', 'n', 'rows', 'columns', 'length', 'inner', 'count']
    .flatMap((name) => fields[name] ?? [])
    .join('×');
  const how = ['transposeA', 'transposeB', 'relu', 'bias', 'mask'].filter((name) => fields[name]);
  return [opcode, sizes, ...how].join(' ');
}

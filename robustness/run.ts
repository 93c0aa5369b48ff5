import { DistillError, type Engine } from 'wasm-distill';
import type { Context } from '../cli/context.ts';
import { count } from '../cli/format/numbers.ts';
import type { Bar } from '../cli/terminal/progress.ts';
import type { Cell } from './cell.ts';
import { type DataName, dataSets, loadParts, pathOf } from './data-sets.ts';
import type { Entry, Journal } from './journal.ts';
import { Laboratory } from './laboratory.ts';
import { type Planned, Planner, type Training } from './plan.ts';
import type { Measured } from './statistics.ts';
import { teachers } from './teachers.ts';

export interface Setting {
  engine: Engine;
  journal: Journal;
  /** Where teachers are kept. */
  folder: string;
  /** Where data sets are looked for first. */
  data: string | undefined;
  context: Context;
}

/** The cells among these whose trainings are finished. */
export async function finished(cells: readonly Cell[], setting: Setting): Promise<Measured[]> {
  const { journal } = setting;
  return (await planAll(cells, setting))
    .filter(({ teacher, labels, distilled }) =>
      [teacher, labels, distilled].every(({ key }) => journal.get(key)),
    )
    .map((one) => measured(one, journal));
}

async function planAll(cells: readonly Cell[], { engine }: Setting): Promise<Planned[]> {
  const planner = await Planner.create(engine);
  const planned: Planned[] = [];
  for (const cell of cells) planned.push(await planner.plan(cell));
  return planned;
}

/** Measures cells; those whose data aren't there are left out, which is said. */
export async function measure(cells: readonly Cell[], setting: Setting): Promise<Measured[]> {
  const there = available(cells, setting);
  if (there.length === 0)
    throw new DistillError('missing', 'no data set of these cells is there: see above how to come by them');
  await runMissing(await planAll(there, setting), setting);
  return finished(there, setting);
}

function available(cells: readonly Cell[], { data, context }: Setting): Cell[] {
  const names = [...new Set(cells.map((cell) => cell.data))];
  const there = names.filter((name) => pathOf(name, data) !== undefined);
  for (const name of names.filter((one) => !there.includes(one))) {
    const { length } = cells.filter((cell) => cell.data === name);
    context.progress.say(`${length} cells are left out, as ${name} isn't there: ${dataSets[name].remedy}`);
  }
  return cells.filter((cell) => there.includes(cell.data));
}

/** One data set after another, so that only one is in memory. */
async function runMissing(planned: readonly Planned[], setting: Setting): Promise<void> {
  const { journal, context } = setting;
  const all = new Set(planned.flatMap(({ teacher, labels, distilled }) => [teacher, labels, distilled]));
  const missing = [...all].filter(({ key }) => !journal.get(key));
  if (missing.length === 0) return;
  const total = missing.reduce((sum, { cost }) => sum + cost, 0);
  const bar = context.progress.start(`${missing.length} trainings`, total, 0, 'GFLOP');
  const tally = new Tally(bar, missing.length);
  for (const name of new Set(missing.map(({ data }) => data)))
    await runData(
      name,
      planned.filter(({ cell }) => cell.data === name),
      setting,
      tally,
    );
  bar.done('done');
}

async function runData(
  name: DataName,
  planned: readonly Planned[],
  setting: Setting,
  tally: Tally,
): Promise<void> {
  const { engine, journal, folder, context } = setting;
  const parts = await loadParts(name, pathOf(name, setting.data)!);
  const laboratory = new Laboratory(parts, folder, context.controller.signal);
  for (const teacher of new Set(planned.map((one) => one.teacher))) {
    const its = planned.filter((one) => one.teacher === teacher);
    const started = performance.now();
    const trained = await laboratory.teacher(engine, teacher, teachers[its[0]!.cell.teacher]);
    if (!journal.get(teacher.key))
      await tally.add(journal, teacher, await laboratory.entry(engine, teacher, trained, started));
    const students = new Set(its.flatMap(({ labels, distilled }) => [labels, distilled]));
    const missing = [...students].filter(({ key }) => !journal.get(key));
    await inTeams(engine, missing, async (team, training) =>
      tally.add(journal, training, await laboratory.student(team, training, trained.model)),
    );
  }
}

/**
 * Each thread takes the next training, the cheapest first: small networks are trained fastest by one thread, and large
 * ones not slower side by side.
 */
async function inTeams(
  engine: Engine,
  trainings: readonly Training[],
  work: (team: Engine, training: Training) => Promise<void>,
): Promise<void> {
  const left = [...trainings].sort((a, b) => b.cost - a.cost);
  let failed = false;
  const results = await Promise.allSettled(
    engine.divide(engine.threads).map(async (team) => {
      for (let next = left.pop(); next && !failed; next = left.pop())
        await work(team, next).catch((error: unknown) => {
          failed = true;
          throw error;
        });
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** What is done of the whole. */
class Tally {
  #cost = 0;
  #trainings = 0;

  constructor(
    private readonly bar: Bar,
    private readonly total: number,
  ) {}

  async add(journal: Journal, { cost }: Training, entry: Entry): Promise<void> {
    await journal.add(entry);
    this.#cost += cost;
    this.#trainings++;
    this.bar.update(this.#cost);
    this.bar.note(
      `${this.#trainings} of ${this.total}: ${entry.name}: ${count(entry.errors)} of ${count(entry.of)} wrong`,
    );
  }
}

function measured({ cell, ...trainings }: Planned, journal: Journal): Measured {
  const [teacher, labels, distilled] = [trainings.teacher, trainings.labels, trainings.distilled].map(
    ({ key }) => journal.get(key)!,
  ) as [Entry, Entry, Entry];
  const { of, constant } = distilled;
  return {
    cell,
    of,
    constant,
    ...{ teacher: told(teacher), labels: told(labels), distilled: told(distilled) },
  };
}

const told = ({ errors, collapsed }: Entry) => ({ errors, collapsed });

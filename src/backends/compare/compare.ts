import { brandOf, checkNames, checkSeed, checkWhole, shown } from '../../checks.js';
import { aborted, demand } from '../../errors.js';
import { checkPlans, type Effect, type Plans, type Variable, variable } from '../../graph/tensor.js';
import { assign } from '../../ops/effects.js';
import type { Engine, Session, Values } from '../backend.js';
import type { Compared, CompareOptions, Comparison } from '../comparison.js';
import { begins, variablesOf } from '../webgpu/program.js';
import { type Part, partsOf } from './parts.js';
import { PLAN, type Tolerance } from './tolerances.js';
import { drawn, largest, worstOf } from './values.js';

/** What a comparison works with. `values` are those of all variables, as wasm leaves them. */
interface Comparing {
  readonly gpu: Engine;
  readonly wasm: Engine;
  readonly values: Map<Variable, Values>;
  readonly run: { readonly from: number; readonly seed: number };
  readonly signal: AbortSignal | undefined;
}

/** Compares what an engine makes of plans with what wasm makes of them: see GpuEngine.compare. */
export async function compareEngines(
  gpu: Engine,
  wasm: Engine,
  plans: Plans,
  options: CompareOptions = {},
): Promise<Comparison> {
  checkPlans(plans);
  checkOptions(options);
  const { values, seed = 1, step = 0, signal } = options;
  const entries = Object.entries(plans);
  const beginnings = Object.fromEntries(entries.filter(([, effects]) => begins(effects)));
  const comparing: Comparing = {
    gpu,
    wasm,
    values: drawn(plans, variablesOf(plans), seed),
    run: { from: step, seed },
    signal,
  };
  await begin(beginnings, comparing);
  for (const [own, given] of values ?? []) comparing.values.set(own, given);
  const operators: Compared[] = [];
  const whole: Compared[] = [];
  for (const [name, effects] of entries) {
    if (Object.hasOwn(beginnings, name)) continue;
    const before = new Map(comparing.values);
    operators.push(...(await compareParts(name, effects, comparing)));
    whole.push(...(await comparePlan(name, effects, { ...comparing, values: before })));
  }
  const first = [...operators, ...whole].find(({ ok }) => !ok);
  return {
    adapter: gpu.report().adapter ?? gpu.report().backend,
    ok: first === undefined,
    operators,
    plans: whole,
    ...(first && { first }),
  };
}

function checkOptions(options: CompareOptions): void {
  checkNames(options, 'compare', ['values', 'seed', 'step', 'signal']);
  const { values, seed = 1, step = 0 } = options;
  checkSeed(seed);
  checkWhole(step, 'step', 0, 2 ** 31 - 2);
  demand(
    values === undefined || brandOf(values) === 'Map',
    () => `the values must be a Map of arrays by their variables, not ${shown(values)}`,
  );
}

/** Wasm computes what variables begin with, here as in runs. */
async function begin(plans: Plans, { wasm, values, run }: Comparing): Promise<void> {
  await loaded([[wasm, plans]], async ([session]) => {
    for (const [name, effects] of Object.entries(plans)) {
      await session!.run(name, run);
      for (const target of targetsOf(effects)) values.set(target, await session!.read(target));
    }
  });
}

/** Part by part, each on what wasm made of those before it. */
async function compareParts(
  plan: string,
  effects: readonly Effect[],
  { gpu, wasm, values, run, signal }: Comparing,
): Promise<Compared[]> {
  const parts = partsOf(effects).map((part, i) => ({
    part,
    name: `${i}`,
    scale: scaleOf(part, `scale ${i}`),
  }));
  const plans = Object.fromEntries(parts.map(({ part, name }) => [name, part.effects]));
  const scales = Object.fromEntries(
    parts.flatMap(({ scale }) => (scale ? [[scale.name, scale.effects]] : [])),
  );
  const rows: Compared[] = [];
  await loaded(
    [
      [gpu, plans],
      [wasm, { ...plans, ...scales }],
    ],
    async (sessions) => {
      const [on, there] = sessions as [Session, Session];
      await write(values, sessions);
      for (const { part, name, scale } of parts) {
        check(signal);
        // Before the part itself, which may write what it reads.
        if (scale) await there.run(scale.name, run);
        const magnitudes = scale && (await there.read(scale.target));
        await Promise.all(sessions.map((session) => session.run(name, run)));
        for (const target of part.targets) {
          const result = { got: await on.read(target), expected: await there.read(target), magnitudes };
          rows.push(
            compared({ ...namesOf(plan, part, target), shape: target.shape }, part.tolerance, result),
          );
          await on.write(target, result.expected);
          if (values.has(target)) values.set(target, result.expected);
        }
      }
    },
  );
  return rows;
}

function namesOf(plan: string, { operator, inputs, targets }: Part, { name }: Variable) {
  return { plan, operator, ...(targets.length > 1 && { target: name }), inputs };
}

/** A plan as it runs: fused. */
async function comparePlan(
  plan: string,
  effects: readonly Effect[],
  { gpu, wasm, values, run, signal }: Comparing,
): Promise<Compared[]> {
  check(signal);
  const plans = { [plan]: effects };
  const rows: Compared[] = [];
  await loaded(
    [
      [gpu, plans],
      [wasm, plans],
    ],
    async (sessions) => {
      const [on, there] = sessions as [Session, Session];
      await write(values, sessions);
      await Promise.all(sessions.map((session) => session.run(plan, run)));
      for (const target of targetsOf(effects)) {
        const result = { got: await on.read(target), expected: await there.read(target) };
        const what = { plan, operator: 'plan', target: target.name, inputs: [] } as const;
        rows.push(compared({ ...what, shape: target.shape }, PLAN, result));
      }
    },
  );
  return rows;
}

/** What is compared, and the magnitudes that its tolerance is of, if it is of these. */
interface Result {
  readonly got: Values;
  readonly expected: Values;
  readonly magnitudes?: Values | undefined;
}

function compared(
  what: Pick<Compared, 'plan' | 'operator' | 'target' | 'inputs' | 'shape'>,
  { within, of }: Tolerance,
  { got, expected, magnitudes }: Result,
): Compared {
  demand(
    !expected.some(Number.isNaN),
    () =>
      `compare: ${what.operator} [${what.shape}] of plan ${what.plan} is NaN in wasm, too: give values that it can be computed from`,
  );
  const most = of === 'largest' ? largest(expected) : 0;
  const scale = (i: number) =>
    Math.abs(of === 'each' ? expected[i]! : of === 'largest' ? most : magnitudes![i]!);
  const worst = worstOf(got, expected, scale);
  const share = of === 'each' || of === 'largest' ? of : 'magnitudes';
  return { ...what, worst, tolerance: within, of: share, ok: worst <= within };
}

/** The plan that computes what a part's tolerance is of, if that is a tensor. */
function scaleOf({ tolerance: { of } }: Part, name: string) {
  if (of === 'each' || of === 'largest') return undefined;
  const target = variable(name, of.shape);
  return { name, effects: [assign(target, of)], target };
}

function targetsOf(effects: readonly Effect[]): ReadonlySet<Variable> {
  return new Set(effects.flatMap(({ targets }) => targets));
}

async function write(values: ReadonlyMap<Variable, Values>, sessions: readonly Session[]): Promise<void> {
  for (const session of sessions)
    for (const [own, given] of values) if (session.has(own)) await session.write(own, given);
}

/** @throws DistillError 'aborted' */
function check(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted('the comparison was stopped', signal);
}

/** Sessions of plans in engines, for some work and no longer. */
async function loaded(
  loads: readonly (readonly [Engine, Plans])[],
  work: (sessions: readonly Session[]) => Promise<void>,
): Promise<void> {
  const sessions: Session[] = [];
  try {
    for (const [engine, plans] of loads) sessions.push(await engine.load(plans));
    await work(sessions);
  } finally {
    for (const session of sessions) await session.close();
  }
}

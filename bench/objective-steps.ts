import { distillation, labels, type Objective, type TrainedModel, weightedSum } from 'wasm-distill';
import { gradients, initialize, network, ops, type Variable, variable } from 'wasm-distill/graph';
import {
  attention,
  congruence,
  darkRank,
  decoupled,
  dist,
  fsp,
  gradientAttention,
  hints,
  type LayerPair,
  logits,
  mutual,
  probabilistic,
  relational,
  selfDistillation,
  similarity,
  standardized,
  symmetricAttention,
  triplet,
  verification,
} from 'wasm-distill/objectives';
import { helperNetworks } from '#library/train/step.js';
import { type Direct, loadDirectly } from './direct.ts';
import type { Subject } from './measure.ts';
import type { Timing } from './peers/clock.mjs';
import {
  lossDisagreement,
  makeWork,
  type ObjectiveWork,
  referenceLosses,
  stepsBeforeReset,
  tolerance,
  type Weighted,
} from './peers/work.mjs';
import { every } from './steps.ts';

/** Steps from the first weights whose losses are checked. */
const CHECKED = 5;

type Options = ObjectiveWork['config']['objective'];

/** What is added to cross-entropy with labels, by the works' kinds. */
const kinds: Readonly<Record<string, (teacher: TrainedModel, options: Options) => Objective>> = {
  decoupled: (teacher, { temperature }) =>
    decoupled({ teachers: [teacher], temperature: temperature as number }),
  dist: (teacher) => dist({ teachers: [teacher] }),
  standardized: (teacher, { temperature }) =>
    standardized({ teachers: [teacher], temperature: temperature as number }),
  logits: (teacher) => logits({ teachers: [teacher] }),
  hints: (teacher, { guided, hint }) => hints({ teacher, guided: guided as string, hint: hint as string }),
  fsp: (teacher, { layers }) => fsp({ teacher, layers: layers as readonly LayerPair[] }),
  attention: (teacher, { layers }) => attention({ teacher, layers: layers as readonly LayerPair[] }),
  similarity: (teacher) => similarity({ teacher }),
  probabilistic: (teacher) => probabilistic({ teacher }),
  congruence: (teacher) => congruence({ teacher }),
  relational: (teacher, { distance, angle }) =>
    relational({ teacher, distance: distance as number, angle: angle as number }),
  darkrank: (teacher) => darkRank({ teacher, normalize: true }),
  verification: () => verification(),
  triplet: () => triplet(),
  mutual: () => mutual(),
  'self-distillation': (_, { layers }) => selfDistillation({ layers: layers as readonly string[] }),
  gradient: (teacher) => gradientAttention({ teacher }),
  symmetric: () => symmetricAttention(),
};

function objectiveOf({ config, arrays }: ObjectiveWork): Objective {
  const { kind, weight, ...options } = config.objective;
  const weights = new Map(arrays.teacher.map(({ name, values }) => [name, values]));
  const teacher = { architecture: config.teacher, weights };
  if (kind === 'kd') {
    const [temperature, alpha] = [options.temperature as number, options.alpha as number];
    return distillation({ teachers: [teacher], temperature, alpha, form: 'two-term' });
  }
  return weightedSum([1, labels()], [weight as number, kinds[kind]!(teacher, config.objective)]);
}

/** A step as the peers do it: the objective's mean loss on one batch, SGD with momentum. */
function buildStep(work: ObjectiveWork) {
  const { architecture, teacher, batch, momentum, lr } = work.config;
  const objective = objectiveOf(work);
  const student = network(architecture);
  const teachers = (objective.teachers ?? []).map(() => network(teacher, { prefix: 'teacher.' }));
  const helpers = helperNetworks(objective, architecture);
  const inputs = variable('x', [batch, ...student.input]);
  const hard = variable('labels', [batch], 'i32');
  const losses = variable('losses', [CHECKED]);
  const activations = student.forward(inputs, 'train');
  const bySample = objective.loss({
    size: batch,
    inputs,
    student: activations,
    forward: (x) => student.forward(x, 'train'),
    teachers: teachers.map((own) => own.forward(inputs, 'infer')),
    columns: {},
    helpers,
    labels: hard,
    samples: variable('samples', [batch], 'i32'),
    memory: {},
    remember: () => {},
    progress: ops.fill(0, []),
  });
  const loss = ops.mean(bySample);
  const learners = [student, ...Object.values(helpers)];
  const parameters = learners.flatMap(({ trained }) => trained.map((parameter) => parameter.variable));
  const velocities = parameters.map((p) => variable(`${p.name}.velocity`, p.shape));
  const moves = gradients(loss, parameters).map((gradient, i) =>
    ops.sgdUpdate(parameters[i]!, { velocity: velocities[i]!, gradient, rate: ops.fill(lr, []), momentum }),
  );
  const plans = {
    step: [...moves.reverse(), ...activations.effects, ops.writeAtStep(losses, loss)],
    // What the student begins with is the work's, which peers have, too.
    helpers: Object.values(helpers).flatMap((helper) => initialize(helper, 'he')),
  };
  return { plans, student, teachers, velocities, inputs, hard, losses };
}

/** A step loaded into this thread, once its losses have been checked. */
export function loadedObjective(work: ObjectiveWork): { direct: Direct; reset(): void } {
  const { arrays } = work;
  const { plans, student, teachers, velocities, inputs, hard, losses } = buildStep(work);
  const direct = loadDirectly(plans);
  const write = (target: Variable, values: Float32Array) => {
    if (!direct.program.variables.has(target)) return;
    if (target.dtype === 'i32') direct.integers(target).set(values);
    else direct.view(target).set(values);
  };
  const writeAll = (of: ReturnType<typeof network>, weights: readonly Weighted[]) => {
    const values = new Map(weights.map(({ name, values }) => [name, values]));
    for (const { name, variable } of of.parameters) write(variable, values.get(name)!);
  };
  const reset = () => {
    writeAll(student, arrays.parameters);
    direct.run('helpers');
    for (const velocity of velocities) direct.view(velocity).fill(0);
  };
  for (const teacher of teachers) writeAll(teacher, arrays.teacher);
  write(inputs, arrays.x);
  write(hard, arrays.labels);
  reset();
  direct.run('step', CHECKED);
  checkLosses(work, [...direct.view(losses)]);
  reset();
  return { direct, reset };
}

/** A benchmark that times a wrong result fails. Losses that no peer has recorded have to fall: tests know their values. */
function checkLosses(work: ObjectiveWork, got: number[]): void {
  const { name, weights } = work.config;
  const expected = isRecorded(work) ? referenceLosses(work, got.length) : undefined;
  const right = expected
    ? lossDisagreement(got, expected) <= tolerance[weights]
    : got.every(Number.isFinite) && got.at(-1)! < got[0]!;
  if (!right)
    throw new Error(`${name}: its losses are [${got}]${expected ? ` instead of [${expected}]` : ''}`);
}

function isRecorded({ config }: ObjectiveWork): boolean {
  return ['kd', 'kd-bare', 'attention', 'relational', 'gradient'].includes(
    config.name.replace('objective-', ''),
  );
}

/** The step in this thread, to be timed. */
export function objectiveStep(work: ObjectiveWork): Subject & { timing: Timing } {
  const { direct, reset } = loadedObjective(work);
  return {
    name: work.config.name,
    run: () => direct.run('step'),
    before: every(stepsBeforeReset, reset),
    timing: { kind: 'train', steps: 0, subject: { run: (n) => direct.run('step', n), reset } },
  };
}

/** The named work. */
export const objectiveWork = (name: string): ObjectiveWork => makeWork(name) as ObjectiveWork;

import { gradients } from '../autodiff/gradients.js';
import type { Feed } from '../data/feed.js';
import { demand } from '../errors.js';
import type { Effect, Plans, Variable } from '../graph/tensor.js';
import { variable } from '../graph/tensor.js';
import type { Architecture } from '../nn/architecture.js';
import { initialize, type Network, network } from '../nn/network.js';
import { keptMemory } from '../objectives/memory.js';
import { helpersOf, lossBySample, memoryOf, type Objective } from '../objectives/objective.js';
import { writeAtStep } from '../ops/effects.js';
import { mean } from '../ops/reduce.js';
import { atStep } from '../ops/step-read.js';
import { updates } from './optimizer.js';
import type { Recipe } from './recipe.js';

/** A training step as plans, and the variables through which it is driven and read. */
export interface TrainingStep {
  readonly plans: Plans;
  readonly student: Network;
  readonly teachers: readonly Network[];
  /** Everything a checkpoint holds: parameters, running statistics, the optimizer's slots, helpers' too; the objective's memory. */
  readonly state: readonly Variable<'f32'>[];
  /** What the objective's memory begins with, where that isn't zeros. */
  readonly remembered: readonly (readonly [Variable<'f32'>, Float32Array])[];
  /** For each step of an epoch: the learning rate, the powers of Adam's β. */
  readonly rates: Variable<'f32'>;
  readonly powers: Variable<'f32'>;
  /** For each step of an epoch: the share of all steps before it. */
  readonly progress: Variable<'f32'>;
  /** Written by each step. */
  readonly losses: Variable<'f32'>;
}

export interface StepOptions {
  architecture: Architecture;
  objective: Objective;
  recipe: Required<Recipe>;
  feed: Feed;
  /** Layers of the student that aren't trained. */
  frozen?: readonly string[];
}

/** The graph of a training step: the objective's loss on a batch, its gradients, and how they move the parameters. */
export function trainingStep({
  architecture,
  objective,
  recipe,
  feed,
  frozen = [],
}: StepOptions): TrainingStep {
  const { batch, batchSize, stepsPerEpoch } = feed;
  const student = network(architecture, { frozen });
  const teachers = (objective.teachers ?? []).map((teacher, i) =>
    network(teacher.architecture, { prefix: `teacher${i + 1}.` }),
  );
  const helpers = helperNetworks(objective, architecture);
  const memory = keptMemory(memoryOf(objective, architecture, feed.size));
  const activations = student.forward(batch.inputs, 'train');
  const helping = Object.entries(helpers).map(([name, helper]) => [name, recorded(helper)] as const);
  const progress = variable('progress', [stepsPerEpoch]);
  const bySample = lossBySample(objective, {
    size: batchSize,
    inputs: batch.inputs,
    student: activations,
    forward: (inputs) => student.forward(inputs, 'train'),
    teachers: teachers.map((teacher) => teacher.forward(batch.inputs, 'infer')),
    columns: batch.columns,
    helpers: Object.fromEntries(helping.map(([name, { network }]) => [name, network])),
    labels: batch.labels,
    samples: batch.samples,
    memory: memory.variables,
    remember: memory.remember,
    progress: atStep(progress),
  });
  const loss = mean(feed.counted(bySample));

  const rates = variable('rates', [stepsPerEpoch]);
  const powers = variable('powers', [stepsPerEpoch, 2]);
  const losses = variable('losses', [stepsPerEpoch]);
  const learners = [student, ...Object.values(helpers)];
  const parameters = learners.flatMap(({ trained }) => trained);
  demand(
    parameters.length > 0,
    'no layer with weights is left to learn: freeze fewer, or train up to a later one',
  );
  const { slots, effects } = updates({
    optimizer: recipe.optimizer,
    parameters,
    gradients: gradients(
      loss,
      parameters.map((parameter) => parameter.variable),
    ),
    rate: atStep(rates),
    powers: atStep(powers),
    clip: recipe.clip,
  });
  const state = [
    ...learners.flatMap((learner) => learner.parameters.map((p) => p.variable)),
    ...slots,
    ...Object.values(memory.variables),
  ];
  checkApart(state);
  return {
    plans: {
      ...feed.plans,
      initialize: learners.flatMap((learner) => initialize(learner, recipe.initializer)),
      step: [
        ...effects,
        ...activations.effects,
        ...helping.flatMap(([, { effects }]) => effects),
        ...memory.effects(),
        writeAtStep(losses, loss, { guard: true }),
      ],
    },
    student,
    teachers,
    state,
    remembered: memory.initial,
    rates,
    powers,
    progress,
    losses,
  };
}

/** The networks that learn beside a student of this architecture, by name. */
export function helperNetworks(objective: Objective, student: Architecture): Record<string, Network> {
  return Object.fromEntries(
    Object.entries(helpersOf(objective, student)).map(([name, architecture], helper) => [
      name,
      network(architecture, { prefix: `helper.${name}.`, helper }),
    ]),
  );
}

/** A helper, whose forward passes an objective makes, and what they write besides its weights. */
function recorded(helper: Network): { network: Network; effects: readonly Effect[] } {
  const effects: Effect[] = [];
  const forward: Network['forward'] = (x, mode) => {
    const activations = helper.forward(x, mode);
    effects.push(...activations.effects);
    return activations;
  };
  return { network: { ...helper, forward }, effects };
}

/** Checkpoints tell variables apart by their names; a layer may be called as a helper's is. */
function checkApart(state: readonly Variable[]): void {
  const names = state.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  demand(
    twice === undefined,
    () => `two parameters are called ${twice}: give a layer, helper or memory another name`,
  );
}

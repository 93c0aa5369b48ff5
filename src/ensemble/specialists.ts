import type { Engine } from '../backends/backend.js';
import { checkNames, checkTemperature, shown } from '../checks.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { select } from '../data/select.js';
import { DistillError, demand } from '../errors.js';
import { evaluate } from '../evaluate/evaluate.js';
import { type Tensor, variable } from '../graph/tensor.js';
import type { LayerSpec } from '../nn/layer-specs.js';
import { checkModel, type TrainedModel, weightOf } from '../nn/model-file.js';
import { classLayer, placedLayers } from '../nn/placed-layers.js';
import { custom } from '../objectives/custom.js';
import type { Step } from '../objectives/objective.js';
import { add, multiply } from '../ops/binary.js';
import { assign } from '../ops/effects.js';
import { kdLoss } from '../ops/kd-loss.js';
import { softmax } from '../ops/softmax.js';
import { log } from '../ops/unary.js';
import { earlyStopped } from '../train/early-stopping.js';
import type { TrainOptions } from '../train/options.js';
import { type RunControl, train, trainEpochs } from '../train/train.js';
import { classBias, withBias } from './bias-adjustment.js';
import { halfSpecial, type Parts, partsOf } from './half-special.js';

/** A model that knows some confusable classes better than the generalist whose weights it started from. */
export interface Specialist {
  /** Its special subset, in ascending order. */
  classes: readonly number[];
  /**
   * Whether the model's outputs are the special classes, in this order, followed by a dustbin for all the others;
   * otherwise they are all classes.
   */
  dustbin: boolean;
  model: TrainedModel;
}

/** The options that a specialist's training leaves open; `data` are the generalist's. */
export type SpecialistOptions = Pick<
  TrainOptions,
  'data' | 'epochs' | 'seed' | 'batch' | 'recipe' | 'augment'
> & {
  /** Its special subset. */
  classes: readonly number[];
};

const NAMES = ['data', 'epochs', 'seed', 'batch', 'recipe', 'augment', 'classes'];

/** Ends the training once `patience` epochs in a row bring no improvement in errors on held-out samples. */
export interface EarlyStopping {
  validation: Dataset;
  patience: number;
}

/**
 * A specialist trained on hard labels (Hinton, Vinyals, Dean 2015, section 5.2): it starts from the generalist's
 * weights, has one dustbin class for everything else, and sees half special samples in every batch. Afterwards the
 * dustbin's logit is raised by the log of the oversampling. So little data is soon overfitted, hence early stopping.
 */
export async function trainSpecialist(
  engine: Engine,
  generalist: TrainedModel,
  options: SpecialistOptions & { earlyStopping?: EarlyStopping },
  control: RunControl = {},
): Promise<Specialist> {
  checkNames(options, 'trainSpecialist', [...NAMES, 'earlyStopping']);
  checkModel(generalist, 'the generalist');
  classBias(generalist);
  checkDataset(options.data);
  const { earlyStopping, classes, ...rest } = options;
  const special = checkedSubset(classes, options.data.classes);
  const parts = partsOf(options.data, special);
  const initial = dustbinStart(generalist, special);
  const run: TrainOptions = {
    ...rest,
    architecture: initial.architecture,
    initial,
    data: dustbinLabels(options.data, special),
    order: halfSpecial(parts, options.seed),
  };
  const model = earlyStopping
    ? await stoppedEarly(engine, run, special, earlyStopping, control)
    : await train(engine, run, control);
  const amount = await logOversampling(engine, parts);
  return { classes: special, dustbin: true, model: withBias(model, [special.length], amount) };
}

/**
 * A specialist trained on soft targets (section 6 of the paper): it keeps all classes, and besides the hard labels of
 * all samples it learns the generalist's soft targets for the samples that aren't special. So it doesn't forget what
 * the generalist knows, and there is no need to stop early. Loss: T²·CE(soft at T) of the rest + CE(hard at 1) of all.
 * Afterwards the logits of all other classes are raised by the log of the oversampling.
 */
export async function trainSoftSpecialist(
  engine: Engine,
  generalist: TrainedModel,
  options: SpecialistOptions & { temperature: number },
  control: RunControl = {},
): Promise<Specialist> {
  checkNames(options, 'trainSoftSpecialist', [...NAMES, 'temperature']);
  checkModel(generalist, 'the generalist');
  classBias(generalist);
  checkDataset(options.data);
  const { temperature, classes, ...rest } = options;
  checkTemperature(temperature);
  const special = checkedSubset(classes, options.data.classes);
  const parts = partsOf(options.data, special);
  const isRest = new Float32Array(options.data.size).fill(1);
  for (const i of parts.special) isRest[i] = 0;
  const model = await train(
    engine,
    {
      ...rest,
      architecture: generalist.architecture,
      initial: generalist,
      order: halfSpecial(parts, options.seed),
      objective: custom({
        name: 'soft specialist',
        parameters: { temperature },
        // In the step, so that augmented samples get their own soft targets.
        teachers: [generalist],
        columns: { rest: { values: isRest, shape: [] } },
        loss: (step) => softSpecialistLoss(step, temperature),
      }),
    },
    control,
  );
  const others = [...Array(options.data.classes).keys()].filter((c) => !special.includes(c));
  const amount = await logOversampling(engine, parts);
  return { classes: special, dustbin: false, model: withBias(model, others, amount) };
}

/** T²·CE(soft at T) of the samples that aren't special + CE(hard at 1) of all. */
function softSpecialistLoss({ student, teachers, columns, labels }: Step, temperature: number): Tensor {
  const soft = softmax(teachers[0]!.logits, temperature);
  const beta = temperature * temperature;
  const softTerm = kdLoss(student.logits, { soft, temperature, alpha: 0, beta });
  return add(multiply(softTerm, columns.rest!), kdLoss(student.logits, { labels }));
}

/** The classes in ascending order. */
function checkedSubset(classes: readonly number[], all: number): number[] {
  demand(Array.isArray(classes), () => `the classes of a specialist must be a list, not ${shown(classes)}`);
  const special = [...new Set(classes)].sort((a, b) => a - b);
  const known = special.every((c) => Number.isInteger(c) && c >= 0 && c < all);
  if (!known || special.length !== classes.length || special.length === 0 || special.length >= all)
    throw new DistillError(
      'bad-argument',
      `a specialist is for some, not all, of the classes 0 to ${all - 1}, each named once, not for [${classes}]`,
    );
  return special;
}

/**
 * The generalist with the outputs of the special classes and, for the dustbin, the mean of the weights and biases of
 * all others: its logit then starts as the mean of theirs.
 */
function dustbinStart(generalist: TrainedModel, special: readonly number[]): TrainedModel {
  const { input, layers: specs } = generalist.architecture;
  const layers = placedLayers(generalist.architecture);
  const last = classLayer(layers);
  demand(
    last.kind === 'dense',
    `the generalist's class layer ${last.path} is ${last.kind}: it must be dense`,
  );
  const all = last.output.at(-1)!;
  const rows = (values: Float32Array) => {
    const result = new Float32Array((values.length / all) * (special.length + 1));
    for (let r = 0; r * all < values.length; r++) {
      const row = values.subarray(r * all, (r + 1) * all);
      let others = 0;
      row.forEach((v, c) => {
        if (!special.includes(c)) others += v;
      });
      const outputs = [...special.map((c) => row[c]!), others / (all - special.length)];
      result.set(outputs, r * outputs.length);
    }
    return result;
  };
  const weights = new Map(generalist.weights);
  // The last dimension of each of its parameters is the classes.
  for (const parameter of last.parameters) weights.set(parameter.name, rows(weightOf(generalist, parameter)));
  const at = layers.indexOf(last);
  const outputs: LayerSpec = { ...last.spec, dense: special.length + 1 };
  return { architecture: { input, layers: specs.map((spec, i) => (i === at ? outputs : spec)) }, weights };
}

/** The special classes in their order, then the dustbin, which holds all others. */
function dustbinLabels({ inputs, labels, size, classNames }: Dataset, special: readonly number[]): Dataset {
  const output = (label: number) =>
    label < 0 ? -1 : special.includes(label) ? special.indexOf(label) : special.length;
  return {
    ...{ inputs, size, labels: labels.map(output), classes: special.length + 1 },
    ...(classNames && { classNames: [...special.map((c) => classNames[c]!), 'dustbin'] }),
  };
}

/**
 * The errors that decide when to stop are counted on the same mix as in training: half special samples, half the rest.
 */
async function stoppedEarly(
  engine: Engine,
  run: TrainOptions,
  special: readonly number[],
  earlyStopping: EarlyStopping,
  control: RunControl,
): Promise<TrainedModel> {
  checkNames(earlyStopping, 'earlyStopping', ['validation', 'patience']);
  const { validation, patience } = earlyStopping;
  checkDataset(validation);
  const half = halfSpecial(partsOf(validation, special), run.seed)(0);
  const samples = select(dustbinLabels(validation, special), half);
  const errorsOf = async (model: TrainedModel) =>
    (await evaluate(engine, model, samples, { signal: control.signal })).errors;
  return (await earlyStopped(trainEpochs(engine, run, control), { errorsOf, patience })).model;
}

/**
 * log of how much more often a special sample is seen than one of the rest, relative to their shares in the data: it
 * corrects the other logits for the biased training set. Each special sample is seen once an epoch, one of the rest
 * special/rest times. Computed with the engine's log, as weights follow from it.
 */
async function logOversampling(engine: Engine, { special, rest }: Parts): Promise<number> {
  const ratio = variable('ratio', [1]);
  const result = variable('result', [1]);
  const session = await engine.load({ log: [assign(result, log(ratio))] });
  try {
    await session.write(ratio, Float32Array.of(rest.length / special.length));
    await session.run('log');
    return (await session.read(result))[0]!;
  } finally {
    await session.close();
  }
}

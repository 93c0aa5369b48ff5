import { gradients } from '../autodiff/gradients.js';
import type { Engine, Session } from '../backends/backend.js';
import { type Dataset, samplesOf } from '../data/dataset.js';
import { shiftCount } from '../data/shift.js';
import { DistillError } from '../errors.js';
import { fill, type Tensor, type Variable, variable } from '../graph/tensor.js';
import type { Architecture } from '../nn/architecture.js';
import { checkFits } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import { type Initializer, initialize, type Network, network } from '../nn/network.js';
import { parametersOf } from '../nn/placed-layers.js';
import { shorthandOf } from '../nn/shorthand-of.js';
import { mask } from '../ops/binary.js';
import { assign, writeAtStep } from '../ops/effects.js';
import { take } from '../ops/gather.js';
import { takeImages, takeOfViews } from '../ops/gather-images.js';
import { kdLoss } from '../ops/kd-loss.js';
import { permutation } from '../ops/permutation.js';
import { mean } from '../ops/reduce.js';
import { atStep } from '../ops/step-read.js';
import { ensembleOf, ensembleProbabilities, writeEnsemble } from './ensemble.js';
import { adamPowers, type Optimizer, updates } from './optimizer.js';
import { learningRates, type Schedule } from './schedule.js';

/** What a loss is written from: one batch. */
export interface Batch {
  /** [batch, classes] */
  logits: Tensor;
  /** What the student's last layer reads, [batch, units]. */
  features: Tensor;
  /** [batch] i32, −1 = unlabeled. The loss of rows that fill up an epoch's last batch is dropped, whatever it is. */
  labels: Tensor;
  /** [batch, classes], where the run has soft targets. */
  soft: Tensor | undefined;
  /** [batch, n], where the run has targets for regression. */
  targets: Tensor | undefined;
}

export interface Relabeling {
  teachers: readonly TrainedModel[];
  temperature: number;
}

export interface TrainOptions {
  architecture: Architecture;
  data: Dataset;
  epochs: number;
  seed: number;
  /** Samples a step (default 100; never more than an epoch has). An epoch's last batch is filled up with rows that count as nothing. */
  batch?: number;
  /** Greatest learning rate (default 0.1). */
  rate?: number;
  schedule?: Schedule;
  optimizer?: Optimizer;
  initializer?: Initializer;
  /** Starts from this model's weights instead of the initializer's; it has the same architecture. */
  initial?: TrainedModel;
  /** Random shift of each image, in pixels each way (default 0). */
  jitter?: number;
  /**
   * Soft targets [size, (2·jitter + 1)², classes], in the order of the data: for each image those of every shift of it, as
   * softTargets() makes them with this jitter. A step takes those of the shifts that it gives its images.
   */
  soft?: Float32Array;
  /**
   * Instead: soft targets that these teachers make in the step, of the images as the student sees them, jittered: the same
   * numbers. They cost a forward pass of each teacher in each step.
   */
  relabel?: Relabeling;
  /** Targets of a loss by regression, such as teachers' logits: any numbers, [size, n], in the order of the data. */
  targets?: Float32Array;
  /**
   * The samples of epoch 0, 1, … in the order in which batches take them, as many in every epoch (default: each sample
   * once, shuffled). A sample may come twice or not at all.
   */
  order?: (epoch: number) => Int32Array;
  /** Part of the samples, spread evenly, whose label is hidden (default 0). */
  unlabeled?: number;
  /** Loss by sample, [batch] (default: cross-entropy with the labels). */
  loss?: (batch: Batch) => Tensor;
}

export interface EpochResult {
  epoch: number;
  /** Mean over the epoch's samples. */
  loss: number;
}

/** All that a run needs to go on, bit for bit, from where it was. */
export interface TrainingState {
  /** Steps done. */
  step: number;
  history: EpochResult[];
  /** Weights and the optimizer's slots, by name, and the losses of the epoch under way. */
  tensors: Map<string, Float32Array>;
}

export interface TrainingProgress {
  epoch: number;
  epochs: number;
  /** Samples done and to do over the whole run. */
  samples: number;
  totalSamples: number;
}

const LOSSES = 'losses';

interface Parts {
  model: Network;
  state: readonly Variable<'f32'>[];
  images: Variable;
  labels: Variable;
  soft: Variable | undefined;
  targets: Variable | undefined;
  teachers: readonly Network[];
  order: Variable;
  rates: Variable;
  powers: Variable;
  losses: Variable<'f32'>;
}

/** A training run in an engine: epochs of steps over one data set. */
export class Trainer {
  #step = 0;
  #history: EpochResult[] = [];

  private constructor(
    private readonly options: TrainOptions,
    private readonly session: Session,
    private readonly parts: Parts,
    /** Samples an epoch. */
    private readonly size: number,
    private readonly batch: number,
  ) {}

  /** Compiles the training step, loads it with the data, and initializes the weights. */
  static async create(engine: Engine, options: TrainOptions): Promise<Trainer> {
    check(options);
    const { data, seed } = options;
    const size = options.order?.(0).length ?? data.size;
    if (size === 0) throw new DistillError('bad-argument', 'the order of epoch 1 has no samples');
    const batch = Math.min(options.batch ?? 100, size);
    const { plans, parts } = build(options, size, batch);
    const session = await engine.load(plans);
    await session.write(parts.images, data.images);
    // A loss by regression may look at no label.
    if (session.has(parts.labels))
      await session.write(parts.labels, hidden(data.labels, options.unlabeled ?? 0));
    if (parts.soft) await session.write(parts.soft, options.soft!);
    if (parts.targets) await session.write(parts.targets, options.targets!);
    await writeEnsemble(session, parts.teachers, options.relabel?.teachers ?? []);
    await session.run('initialize', { seed });
    if (options.initial) await writeEnsemble(session, [parts.model], [options.initial]);
    return new Trainer(options, session, parts, size, batch);
  }

  get stepsPerEpoch(): number {
    return Math.ceil(this.size / this.batch);
  }

  get done(): boolean {
    return this.#step >= this.#totalSteps;
  }

  get history(): readonly EpochResult[] {
    return this.#history;
  }

  /**
   * Runs to the end of the present epoch; undefined where the signal stopped it before. The state is then that of the
   * last step done.
   * @throws DistillError 'diverged' where a loss isn't finite.
   */
  async epoch(
    signal?: AbortSignal,
    onProgress?: (progress: TrainingProgress) => void,
  ): Promise<EpochResult | undefined> {
    const { seed, epochs, rate = 0.1, schedule = 'cosine' } = this.options;
    const epoch = Math.floor(this.#step / this.stepsPerEpoch);
    const start = epoch * this.stepsPerEpoch;
    const end = start + this.stepsPerEpoch;
    await this.#drawOrder(epoch);
    if (this.session.has(this.parts.rates))
      await this.session.write(this.parts.rates, learningRates(schedule, rate, start, end, this.#totalSteps));
    if (this.session.has(this.parts.powers))
      await this.session.write(this.parts.powers, adamPowers(start, end));
    const report = (step: number) => {
      const samples = epoch * this.size + Math.round(((step - start) * this.size) / this.stepsPerEpoch);
      onProgress?.({ epoch: epoch + 1, epochs, samples, totalSamples: epochs * this.size });
    };
    this.#step = await this.session.run('step', {
      from: this.#step,
      steps: end - this.#step,
      seed,
      signal,
      onStep: onProgress && report,
    });
    report(this.#step);
    const losses = (await this.session.read(this.parts.losses)).subarray(0, this.#step - start);
    this.#refuseDiverged(losses, start);
    if (this.#step < end) return undefined;
    const result = {
      epoch: epoch + 1,
      loss: losses.reduce((sum, loss) => sum + loss, 0) * (this.batch / this.size),
    };
    this.#history.push(result);
    return result;
  }

  async state(): Promise<TrainingState> {
    const tensors = await this.#read(this.parts.state);
    tensors.set(LOSSES, await this.session.read(this.parts.losses));
    return { step: this.#step, history: [...this.#history], tensors };
  }

  async restore({ step, history, tensors }: TrainingState): Promise<void> {
    if (!Number.isInteger(step) || step < 0 || step > this.#totalSteps) {
      throw new DistillError(
        'mismatch',
        `the checkpoint is at step ${step}, but this run has ${this.#totalSteps} steps: it belongs to another run`,
      );
    }
    for (const target of [...this.parts.state, this.parts.losses]) {
      const values = tensors.get(target.name);
      if (!values)
        throw new DistillError('mismatch', `the checkpoint has no ${target.name}: it belongs to another run`);
      await this.session.write(target, values);
    }
    this.#step = step;
    this.#history = [...history];
  }

  /** The weights as they are now. */
  async model(): Promise<TrainedModel> {
    const weights = await this.#read(this.parts.model.parameters.map(({ variable }) => variable));
    for (const [name, values] of weights) {
      const bad = values.findIndex((w) => !Number.isFinite(w));
      if (bad >= 0)
        throw new DistillError(
          'diverged',
          `${name}[${bad}] became ${values[bad]} by step ${this.#step}: ${REMEDY}`,
        );
    }
    return { architecture: this.options.architecture, weights };
  }

  close(): Promise<void> {
    return this.session.close();
  }

  get #totalSteps(): number {
    return this.options.epochs * this.stepsPerEpoch;
  }

  /** Lays down which samples the batches of an epoch take; −1 fills up the last one. */
  async #drawOrder(epoch: number): Promise<void> {
    const { order, seed, data } = this.options;
    if (!order) {
      await this.session.run('shuffle', { from: epoch, seed });
      return;
    }
    const samples = order(epoch);
    const unknown = samples.find((i) => !(i >= 0 && i < data.size));
    if (samples.length !== this.size || unknown !== undefined)
      throw new DistillError(
        'bad-argument',
        `the order of epoch ${epoch + 1} has ${samples.length} samples${unknown === undefined ? '' : `, ${unknown} among them`}: give ${this.size}, from 0 to ${data.size - 1}`,
      );
    const filled = new Int32Array(this.stepsPerEpoch * this.batch).fill(-1);
    filled.set(samples);
    await this.session.write(this.parts.order, filled);
  }

  #refuseDiverged(losses: Float32Array, start: number): void {
    const bad = losses.findIndex((loss) => !Number.isFinite(loss));
    if (bad >= 0)
      throw new DistillError(
        'diverged',
        `the loss became ${losses[bad]} at step ${start + bad + 1}: ${REMEDY}`,
      );
  }

  async #read(variables: readonly Variable<'f32'>[]): Promise<Map<string, Float32Array>> {
    const result = new Map<string, Float32Array>();
    for (const v of variables) result.set(v.name, await this.session.read(v));
    return result;
  }
}

const REMEDY = 'the training diverged; use a smaller learning rate';

function build(options: TrainOptions, size: number, batch: number) {
  const { architecture, data, jitter = 0, optimizer = { kind: 'sgd' }, initializer = 'he' } = options;
  const steps = Math.ceil(size / batch);
  const model = network(architecture);
  const images = variable('images', [data.size, data.height, data.width, 1], 'u8');
  const labels = variable('labels', [data.size], 'i32');
  const soft = options.soft && variable('soft', [data.size * shiftCount(jitter), data.classes]);
  const targets = options.targets && variable('targets', [data.size, options.targets.length / data.size]);
  const teachers = ensembleOf(options.relabel?.teachers.map((t) => t.architecture) ?? [], 'teacher');
  const order = variable('order', [steps, batch], 'i32');
  const rates = variable('rates', [steps]);
  const powers = variable('powers', [steps, 2]);
  const losses = variable(LOSSES, [steps]);

  const index = atStep(order);
  const shift =
    jitter > 0 ? { pixels: jitter, stream: { kind: 'augmentation', index: 0 } as const } : undefined;
  const x = takeImages(images, index, { shift });
  const student = model.forward(x, 'train');
  const softTargets = options.relabel
    ? ensembleProbabilities(teachers, x, options.relabel.temperature)
    : soft && takeOfViews(soft, index, { shift });
  const lossOf = options.loss ?? (({ logits: z, labels: hard }: Batch) => kdLoss(z, { labels: hard }));
  const bySample = lossOf({
    logits: student.logits,
    features: student.features,
    labels: take(labels, index),
    soft: softTargets,
    targets: targets && take(targets, index),
  });
  const loss = mean(size % batch === 0 ? bySample : counted(bySample, index, data.size));
  const { slots, effects } = updates(
    optimizer,
    model.trained.map(({ variable }) => variable),
    gradients(
      loss,
      model.trained.map(({ variable }) => variable),
    ),
    atStep(rates),
    atStep(powers),
  );
  const plans = {
    initialize: initialize(model, initializer),
    shuffle: [
      assign(order, permutation(size, { capacity: steps * batch, stream: { kind: 'order', index: 0 } })),
    ],
    step: [...effects, ...student.effects, writeAtStep(losses, loss, { guard: true })],
  };
  const state = [...model.parameters.map(({ variable }) => variable), ...slots];
  return {
    plans,
    parts: { model, state, images, labels, soft, targets, teachers, order, rates, powers, losses },
  };
}

/** Losses of zero for the rows that only fill up an epoch's last batch (index −1), whatever loss it is. */
function counted(loss: Tensor, index: Tensor, size: number): Tensor {
  return mask(loss, take(fill(1, [size]), index));
}

/** Labels as i32, −1 for a share of them spread evenly over the data. */
function hidden(labels: Uint8Array, share: number): Int32Array {
  return Int32Array.from(labels, (label, i) =>
    Math.floor((i + 1) * share) > Math.floor(i * share) ? -1 : label,
  );
}

function sameParameters(a: Architecture, b: Architecture): boolean {
  const list = (architecture: Architecture) =>
    parametersOf(architecture).map(({ name, shape }) => `${name} [${shape}]`);
  return list(a).join() === list(b).join();
}

function check({
  architecture,
  data,
  epochs,
  seed,
  batch = 100,
  rate = 0.1,
  initial,
  jitter = 0,
  soft,
  relabel,
  targets,
  unlabeled = 0,
}: TrainOptions): void {
  const demand = (condition: boolean, what: string) => {
    if (!condition) throw new DistillError('bad-argument', what);
  };
  checkFits(architecture, samplesOf(data));
  demand(
    Number.isInteger(epochs) && epochs >= 1 && epochs <= 1e6,
    `epochs must be a whole number from 1 to 1,000,000, not ${epochs}`,
  );
  demand(Number.isInteger(batch) && batch >= 1, `batch must be a whole number of at least 1, not ${batch}`);
  demand(Number.isFinite(rate) && rate > 0, `the learning rate must be a positive number, not ${rate}`);
  demand(
    Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32,
    `the seed must be a whole number from 0 to 4294967295, not ${seed}`,
  );
  demand(
    !initial || sameParameters(initial.architecture, architecture),
    `the initial model is ${initial && shorthandOf(initial.architecture)}, but ${shorthandOf(architecture)} is to be trained`,
  );
  demand(unlabeled >= 0 && unlabeled <= 1, `unlabeled must be a share from 0 to 1, not ${unlabeled}`);
  const shifts = shiftCount(jitter);
  const needed = data.size * shifts * data.classes;
  demand(
    !soft || soft.length === needed,
    `there are ${soft?.length} soft targets, but ${data.size} samples of ${data.classes} classes${jitter > 0 ? ` in ${shifts} shifts (jitter ${jitter})` : ''} need ${needed}`,
  );
  demand(!soft || !relabel, 'soft targets are given and teachers to make others: give one of the two');
  demand(relabel?.teachers.length !== 0, 'at least one teacher is needed to relabel');
  for (const { architecture } of relabel?.teachers ?? []) checkFits(architecture, samplesOf(data));
  const bad = soft?.findIndex((p) => !(p >= 0 && p <= 1)) ?? -1;
  demand(
    bad < 0,
    `soft target ${bad % data.classes} of sample ${Math.floor(bad / (shifts * data.classes))} is ${soft?.[bad]}, which is no probability`,
  );
  demand(
    !targets || (targets.length > 0 && targets.length % data.size === 0),
    `there are ${targets?.length} targets, which ${data.size} samples can't have equally many of`,
  );
  const endless = targets?.findIndex((t) => !Number.isFinite(t)) ?? -1;
  demand(
    endless < 0,
    `target ${endless} is ${targets?.[endless]}: the teachers' outputs must be finite numbers`,
  );
}

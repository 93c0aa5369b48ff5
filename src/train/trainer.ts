import type { Engine, Session } from '../backends/backend.js';
import { brandOf, checkEngine, checkList, checkWhole, shown } from '../checks.js';
import type { Feed } from '../data/feed.js';
import { DistillError, demand } from '../errors.js';
import { size } from '../graph/shape.js';
import type { Variable } from '../graph/tensor.js';
import type { Architecture } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import type { Network } from '../nn/network.js';
import { writeWeights } from '../nn/weights.js';
import type { Bounds } from '../objectives/bounds.js';
import { adamPowers } from './optimizer.js';
import { isStart, type TrainOptions } from './options.js';
import { prepare } from './prepare.js';
import type { Recipe } from './recipe.js';
import { learningRates } from './schedule.js';
import type { Start } from './start-from.js';
import type { TrainingStep } from './step.js';

/** What is known after an epoch. */
export interface EpochResult {
  epoch: number;
  /** Mean over the epoch's samples. */
  loss: number;
  /** On the validation data, if there are any. */
  validationErrors?: number;
}

/** Everything a run needs to continue, bit for bit, from where it was. */
export interface TrainingState {
  /** Steps done. */
  step: number;
  history: EpochResult[];
  /** Weights and the optimizer's slots, by name, and the losses of the current epoch. */
  tensors: Map<string, Float32Array>;
}

/** How far a training is, for a progress bar. */
export interface TrainingProgress {
  epoch: number;
  epochs: number;
  /** Samples done and in total over the whole run. */
  samples: number;
  totalSamples: number;
}

/** A training run on an engine: epochs of steps over one data set or stream. */
export class Trainer {
  #step = 0;
  #history: EpochResult[] = [];

  private constructor(
    private readonly options: TrainOptions,
    private readonly architecture: Architecture,
    private readonly recipe: Required<Recipe>,
    private readonly session: Session,
    private readonly feed: Feed,
    private readonly parts: TrainingStep,
    /** Between what losses it moves, where that is known. */
    readonly bounds: Bounds | undefined,
  ) {}

  /** Compiles the training step, loads it with the data, and initializes the weights. */
  static async create(engine: Engine, options: TrainOptions): Promise<Trainer> {
    checkEngine(engine);
    const { architecture, objective, recipe, feed, parts, bounds } = await prepare(options);
    const { initial, seed } = options;
    const session = await engine.load(parts.plans);
    try {
      await feed.load(session);
      for (const [i, teacher] of parts.teachers.entries())
        await writeWeights(session, teacher, objective.teachers![i]!);
      await session.run('initialize', { seed });
      for (const [own, values] of parts.remembered) await session.write(own, values);
      if (initial) await begin(session, parts.student, initial);
    } catch (error) {
      await session.close();
      throw error;
    }
    return new Trainer(options, architecture, recipe, session, feed, parts, bounds);
  }

  get done(): boolean {
    return this.#step >= this.steps;
  }

  get history(): readonly EpochResult[] {
    return this.#history;
  }

  /**
   * Runs to the end of the current epoch; undefined if the signal stopped it earlier. The state is then that of the
   * last step done.
   * @throws DistillError 'diverged' if a loss isn't finite.
   */
  async epoch(
    signal?: AbortSignal,
    onProgress?: (progress: TrainingProgress) => void,
  ): Promise<EpochResult | undefined> {
    const { stepsPerEpoch, samples, batchSize } = this.feed;
    const { seed, epochs } = this.options;
    const epoch = Math.floor(this.#step / stepsPerEpoch);
    const start = epoch * stepsPerEpoch;
    const end = start + stepsPerEpoch;
    await this.#writeRates(start, end);
    const report = (step: number) => {
      const done = epoch * samples + Math.round(((step - start) * samples) / stepsPerEpoch);
      return onProgress?.({ epoch: epoch + 1, epochs, samples: done, totalSamples: epochs * samples });
    };
    for (let ready = this.#step; this.#step < end && this.#step === ready; ) {
      const place = { from: this.#step - start, signal };
      ready = start + (await this.feed.begin(this.session, epoch, place));
      if (ready === this.#step) break;
      this.#step = await this.session.run('step', {
        from: this.#step,
        steps: ready - this.#step,
        seed,
        signal,
        onStep: onProgress && report,
      });
    }
    await report(this.#step);
    const losses = (await this.session.read(this.parts.losses)).subarray(0, this.#step - start);
    refuseDiverged(losses, start);
    if (this.#step < end) return undefined;
    const result = {
      epoch: epoch + 1,
      loss: losses.reduce((sum, loss) => sum + loss, 0) * (batchSize / samples),
    };
    this.#history.push(result);
    return result;
  }

  /** Mean loss over the last samples of the epoch that has just ended, a tenth of them or some 1,000. */
  async latestLoss(): Promise<number> {
    const { stepsPerEpoch, samples, batchSize } = this.feed;
    const steps = Math.min(stepsPerEpoch, Math.max(10, Math.ceil(stepsPerEpoch / 10)));
    const losses = (await this.session.read(this.parts.losses)).subarray(stepsPerEpoch - steps);
    // The last batch's mean is over its padding too, whose losses are 0.
    const counted = samples - (stepsPerEpoch - steps) * batchSize;
    return losses.reduce((sum, loss) => sum + loss, 0) * (batchSize / counted);
  }

  async state(): Promise<TrainingState> {
    const tensors = new Map<string, Float32Array>();
    for (const variable of [...this.parts.state, this.parts.losses])
      tensors.set(variable.name, await this.session.read(variable));
    return { step: this.#step, history: [...this.#history], tensors };
  }

  /** @throws DistillError 'bad-argument' for an invalid state, 'mismatch' for another run's. */
  async restore(state: TrainingState): Promise<void> {
    checkState(state);
    demand(
      state.step <= this.steps,
      () =>
        `the checkpoint is at step ${state.step}, but this run has ${this.steps} steps: it belongs to another run`,
      'mismatch',
    );
    const epochs = Math.floor(state.step / this.feed.stepsPerEpoch);
    demand(
      state.history.length === epochs,
      () =>
        `the checkpoint's history has ${state.history.length} epochs, but its step ${state.step} is in epoch ${epochs + 1} of this run: it belongs to another run`,
      'mismatch',
    );
    for (const target of [...this.parts.state, this.parts.losses])
      await this.#restoreOne(target, state.tensors);
    this.#step = state.step;
    this.#history = [...state.history];
  }

  /** The weights as they are now. */
  async model(): Promise<TrainedModel> {
    const weights = new Map<string, Float32Array>();
    for (const { name, variable } of this.parts.student.parameters) {
      const values = await this.session.read(variable);
      const bad = values.findIndex((w) => !Number.isFinite(w));
      if (bad >= 0)
        throw new DistillError(
          'diverged',
          `${name}[${bad}] became ${values[bad]} by step ${this.#step}: ${REMEDY}`,
        );
      weights.set(name, values);
    }
    return { ...this.like, weights };
  }

  /** Its models without their weights. */
  get like(): Omit<TrainedModel, 'weights'> {
    const { classNames } = this.options.data;
    return { architecture: this.architecture, ...(classNames && { classNames }) };
  }

  close(): Promise<void> {
    this.feed.close();
    return this.session.close();
  }

  /** Of the whole run. */
  get steps(): number {
    return this.options.epochs * this.feed.stepsPerEpoch;
  }

  async #writeRates(from: number, to: number): Promise<void> {
    const { rates, powers, progress } = this.parts;
    const schedule = { ...this.recipe, total: this.steps };
    // A loss that depends on no parameter moves none; only Adam has powers, and only ramps read the progress.
    if (this.session.has(rates)) await this.session.write(rates, learningRates(schedule, from, to));
    if (this.session.has(powers)) await this.session.write(powers, adamPowers(from, to));
    if (this.session.has(progress))
      await this.session.write(
        progress,
        Float32Array.from({ length: to - from }, (_, i) => (from + i) / this.steps),
      );
  }

  async #restoreOne(target: Variable, tensors: TrainingState['tensors']): Promise<void> {
    const values = tensors.get(target.name);
    demand(
      values !== undefined && values.length === size(target.shape),
      () =>
        `the checkpoint has ${values ? `${values.length} numbers of` : 'no'} ${target.name} [${target.shape}]: it belongs to another run`,
      'mismatch',
    );
    await this.session.write(target, values);
  }
}

/** Writes what a training starts from: a model's weights, or those of some layers. */
async function begin(session: Session, student: Network, initial: TrainedModel | Start): Promise<void> {
  if (!isStart(initial)) return writeWeights(session, student, initial);
  for (const { name, variable } of student.parameters) {
    const values = initial.weights.get(name);
    if (values && session.has(variable)) await session.write(variable, values);
  }
}

const REMEDY =
  'the training diverged; use a smaller learning rate, or the default recipe, which clips gradients';

function refuseDiverged(losses: Float32Array, start: number): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  if (bad >= 0)
    throw new DistillError(
      'diverged',
      `the loss became ${losses[bad]} at step ${start + bad + 1}: ${REMEDY}`,
    );
}

/** @throws DistillError 'bad-argument' for what onCheckpoint isn't given. */
export function checkState(state: unknown): asserts state is TrainingState {
  const { step, history, tensors } = Object(state) as Partial<TrainingState>;
  demand(
    brandOf(tensors) === 'Map' && Array.isArray(history),
    () =>
      `a training state is needed as onCheckpoint gets it, whose tensors are a Map, not ${shown(tensors ?? state)}: keep it with encodeCheckpoint(), JSON loses its numbers`,
  );
  checkWhole(step, 'the step of a training state', 0, Infinity);
  checkList(history, 'the history of a training state', 'epochs, { epoch, loss }', (one) => {
    const { epoch, loss } = Object(one) as Partial<EpochResult>;
    return typeof epoch === 'number' && typeof loss === 'number';
  });
}

import type { Engine } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import { demand } from '../errors.js';
import { score } from '../evaluate/evaluate.js';
import { Predictor } from '../evaluate/predictor.js';
import type { Architecture } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import { parametersOf } from '../nn/placed-layers.js';
import type { EpochResult, TrainingState } from './trainer.js';

/** The epoch whose weights a training would keep if it ended now. */
export interface Kept {
  readonly epoch: number;
  readonly model: TrainedModel;
}

/** The best weights' names in a checkpoint. */
const PREFIX = 'best.';

/** Counts a training's errors on its validation data after each epoch, and remembers the best one's weights. */
export class Validation {
  #best: (Kept & { errors: number }) | undefined;

  private constructor(
    private readonly predictor: Predictor,
    private readonly data: Dataset,
    private readonly keep: 'last' | 'best',
  ) {}

  static async create(
    engine: Engine,
    architecture: Architecture,
    { validation, keep = 'last' }: { validation: Dataset; keep?: 'last' | 'best' | undefined },
  ): Promise<Validation> {
    return new Validation(await Predictor.create(engine, [architecture], validation), validation, keep);
  }

  /** Adds the errors to an epoch's result. Without a signal: an epoch that was done should reach its checkpoint. */
  async count(result: EpochResult, model: TrainedModel): Promise<void> {
    const { errors } = score(await this.predictor.predict([model]), this.data);
    result.validationErrors = errors;
    if (!this.#best || errors < this.#best.errors) this.#best = { epoch: result.epoch, model, errors };
  }

  /** The epoch of the fewest errors, the first in a tie; or the latest. */
  kept(latest: Kept): Kept {
    if (this.keep === 'last' || !this.#best) return latest;
    const { epoch, model } = this.#best;
    return { epoch, model };
  }

  /** A state with the best weights in it. */
  added(state: TrainingState): TrainingState {
    if (this.keep === 'last' || !this.#best) return state;
    const best = [...this.#best.model.weights].map(([name, values]) => [PREFIX + name, values] as const);
    return { ...state, tensors: new Map([...state.tensors, ...best]) };
  }

  /** @throws DistillError 'mismatch' for the state of a run without validation, or that kept none. */
  restore({ history, tensors }: TrainingState, like: Omit<TrainedModel, 'weights'>): void {
    const counted = history.flatMap(({ epoch, validationErrors: errors }) =>
      errors === undefined ? [] : [{ epoch, errors }],
    );
    demand(
      counted.length === history.length,
      'the checkpoint lacks validation errors of its epochs: it belongs to a run without validation',
      'mismatch',
    );
    if (this.keep === 'last' || counted.length === 0) return;
    const { epoch, errors } = counted.reduce((best, one) => (one.errors < best.errors ? one : best));
    const weights = new Map(
      parametersOf(like.architecture).map(({ name }) => {
        const values = tensors.get(PREFIX + name);
        demand(
          values !== undefined,
          () =>
            `the checkpoint lacks the best epoch's ${name}: it belongs to a run that keeps its last epoch`,
          'mismatch',
        );
        return [name, values] as const;
      }),
    );
    this.#best = { epoch, errors, model: { ...like, weights } };
  }

  close(): Promise<void> {
    return this.predictor.close();
  }
}

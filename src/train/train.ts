import type { Engine } from '../backends/backend.js';
import { checkNames } from '../checks.js';
import { aborted } from '../errors.js';
import type { TrainedModel } from '../nn/model-file.js';
import type { TrainOptions } from './options.js';
import { type EpochResult, Trainer, type TrainingProgress, type TrainingState } from './trainer.js';

export interface RunControl {
  /** Stops after the current step: the state is passed to onCheckpoint, then the run rejects with 'aborted'. */
  signal?: AbortSignal | undefined;
  /** Called a few times a second. If it throws or rejects, the run ends and rejects. */
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Called after each epoch and when stopped, with everything a later run needs to continue. */
  onCheckpoint?: ((state: TrainingState) => void | Promise<void>) | undefined;
  /** Continues from this state instead of from the start. */
  resume?: TrainingState | undefined;
}

/**
 * Trains epoch by epoch: `for await (const { epoch, loss, model } of trainEpochs(engine, options)) …`. The weights
 * depend on the options alone, regardless of threads and interruptions.
 * @throws DistillError 'bad-argument' and 'mismatch' for invalid options, 'diverged', 'aborted', 'memory', 'worker'.
 */
export async function* trainEpochs(
  engine: Engine,
  options: TrainOptions,
  control: RunControl = {},
): AsyncGenerator<EpochResult & { model: TrainedModel }> {
  checkNames(control, 'the control', ['signal', 'onProgress', 'onCheckpoint', 'resume']);
  const trainer = await Trainer.create(engine, options);
  try {
    if (control.resume !== undefined) await trainer.restore(control.resume);
    while (!trainer.done) {
      const result = await trainer.epoch(control.signal, control.onProgress);
      await control.onCheckpoint?.(await trainer.state());
      if (!result)
        throw aborted('the training was stopped; it can be continued from its checkpoint', control.signal);
      yield { ...result, model: await trainer.model() };
    }
    // A run resumed at its end has no epoch left with which to yield its model.
    const last = trainer.history.at(-1);
    if (control.resume && control.resume.history.length === options.epochs && last)
      yield { ...last, model: await trainer.model() };
  } finally {
    await trainer.close();
  }
}

/** Trains to the end and returns the model: the last epoch's, not the best one's. */
export async function train(
  engine: Engine,
  options: TrainOptions,
  control: RunControl = {},
): Promise<TrainedModel> {
  let model: TrainedModel | undefined;
  for await (const epoch of trainEpochs(engine, options, control)) model = epoch.model;
  return model!;
}

import type { Engine } from '../backends/backend.js';
import { checkNames } from '../checks.js';
import { aborted } from '../errors.js';
import type { TrainedModel } from '../nn/model-file.js';
import {
  collapseWarning,
  isCollapsed,
  looksForSilence,
  silenceWarning,
  type TrainingWarning,
} from './health.js';
import type { TrainOptions } from './options.js';
import { silences } from './silence.js';
import { type EpochResult, Trainer, type TrainingProgress, type TrainingState } from './trainer.js';
import { type Kept, Validation } from './validation.js';

/** How a run is watched, stopped, and gone on with. */
export interface RunControl {
  /** Stops after the current step: the state is passed to onCheckpoint, then the run rejects with 'aborted'. */
  signal?: AbortSignal | undefined;
  /** Called a few times a second. If it throws or rejects, the run ends and rejects. */
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Called after each epoch and when stopped, with everything a later run needs to continue. */
  onCheckpoint?: ((state: TrainingState) => void | Promise<void>) | undefined;
  /**
   * Called when the training goes wrong without failing: when it has collapsed, or a layer has gone silent. The run goes
   * on; end it by the signal.
   */
  onWarning?: ((warning: TrainingWarning) => void) | undefined;
  /** Continues from this state instead of from the start. */
  resume?: TrainingState | undefined;
}

/** What trainEpochs yields after each epoch. */
export interface TrainedEpoch extends EpochResult {
  readonly model: TrainedModel;
  /** What the training would result in if it ended here: this epoch, or with keep: 'best' the best one so far. */
  readonly kept: Kept;
  /** After the last epoch: the network has learned hardly more than how frequent the classes are. */
  readonly collapsed?: true;
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
): AsyncGenerator<TrainedEpoch> {
  checkNames(control, 'the control', ['signal', 'onProgress', 'onCheckpoint', 'onWarning', 'resume']);
  const trainer = await Trainer.create(engine, options);
  const { epochs, validation: data, keep } = options;
  const told = new Set<TrainingWarning['kind']>();
  let validation: Validation | undefined;
  try {
    if (data)
      validation = await Validation.create(engine, trainer.like.architecture, { validation: data, keep });
    if (control.resume !== undefined) {
      await trainer.restore(control.resume);
      validation?.restore(control.resume, trainer.like);
    }
    while (!trainer.done) {
      const result = await trainer.epoch(control.signal, control.onProgress);
      const model = result && (await trainer.model());
      if (model) await validation?.count(result, model);
      const state = control.onCheckpoint && (await trainer.state());
      if (state) await control.onCheckpoint?.(validation?.added(state) ?? state);
      if (!model)
        throw aborted('the training was stopped; it can be continued from its checkpoint', control.signal);
      const warnings = control.onWarning ? await warningsOf(engine, options, trainer, model) : [];
      for (const warning of warnings.filter(({ kind }) => !told.has(kind))) {
        told.add(warning.kind);
        await control.onWarning?.(warning);
      }
      yield await ended(result, model, trainer, { epochs, validation });
    }
    // A run resumed at its end has no epoch left with which to yield its model.
    const last = trainer.history.at(-1);
    if (control.resume && control.resume.history.length === epochs && last)
      yield await ended(last, await trainer.model(), trainer, { epochs, validation });
  } finally {
    await validation?.close();
    await trainer.close();
  }
}

async function ended(
  result: EpochResult,
  model: TrainedModel,
  trainer: Trainer,
  { epochs, validation }: { epochs: number; validation: Validation | undefined },
): Promise<TrainedEpoch> {
  const { epoch } = result;
  const { bounds, history, steps } = trainer;
  const kept = validation?.kept({ epoch, model }) ?? { epoch, model };
  if (epoch < epochs || !bounds) return { ...result, model, kept };
  const loss = kept.epoch === epoch ? await trainer.latestLoss() : history[kept.epoch - 1]!.loss;
  return { ...result, model, kept, ...(isCollapsed(loss, steps, bounds) && { collapsed: true as const }) };
}

/** What is to be told after the latest epoch. */
async function warningsOf(
  engine: Engine,
  { epochs, data }: TrainOptions,
  trainer: Trainer,
  model: TrainedModel,
): Promise<TrainingWarning[]> {
  const { bounds } = trainer;
  const epoch = trainer.history.length;
  const silent = looksForSilence(epoch, epochs)
    ? silenceWarning({ epoch, epochs }, await silences(engine, model, data))
    : undefined;
  const collapsed =
    bounds &&
    collapseWarning({ epoch, epochs, steps: trainer.steps, loss: await trainer.latestLoss() }, bounds);
  return [silent, collapsed].filter((warning) => warning !== undefined);
}

/** Trains to the end and returns the model: the last epoch's, or with keep: 'best' that of the fewest validation errors. */
export async function train(
  engine: Engine,
  options: TrainOptions,
  control: RunControl = {},
): Promise<TrainedModel> {
  let model: TrainedModel | undefined;
  for await (const epoch of trainEpochs(engine, options, control)) model = epoch.kept.model;
  return model!;
}

import type { Engine } from '../backends/backend.js';
import { brandOf, checkList, checkNames, checkWhole } from '../checks.js';
import { DistillError, demand } from '../errors.js';
import type { TrainedModel } from '../nn/model-file.js';
import type { Objective } from '../objectives/objective.js';
import { checkKnown, type TrainOptions } from './options.js';
import { prepare } from './prepare.js';
import type { Recipe } from './recipe.js';
import { type RunControl, train } from './train.js';
import { checkState, type EpochResult, type TrainingState } from './trainer.js';

/** A part of a training that learns from something of its own. Each begins with a fresh optimizer and schedule. */
export interface Stage {
  objective: Objective;
  /** Default: what the others leave of all epochs, in equal parts; the first of two takes a third. */
  epochs?: number | undefined;
  /** Only layers up to this one learn (default: all). */
  upTo?: string | undefined;
  /** Layers that stay as they are (default: none). */
  frozen?: readonly string[] | undefined;
  /** Default: the library's, for the stage's objective and epochs. */
  recipe?: Recipe | undefined;
}

export interface StagesOptions extends Omit<TrainOptions, 'objective' | 'recipe' | 'upTo' | 'frozen'> {
  /** Of all stages together. */
  epochs: number;
  stages: readonly Stage[];
}

const NAMES = ['objective', 'epochs', 'upTo', 'frozen', 'recipe'];

/** In a checkpoint: which stage it is of. */
const PLACE = 'stage';

/**
 * Trains a network in stages, each from the weights of the one before: hints up to the guided layer, then labels and soft
 * targets (FitNets, ICLR 2015, section 2.3). Helpers live as long as their stage. A state that onCheckpoint gets resumes in
 * its stage. Progress and epochs are counted over all stages; validation data are of the last stage. What can be refused
 * without training is refused before the first stage, whichever stage it is of.
 * @throws DistillError as train() does.
 */
export async function trainStages(
  engine: Engine,
  options: StagesOptions,
  control: RunControl = {},
): Promise<TrainedModel> {
  checkKnown(options, 'trainStages', {
    more: ['stages'],
    without: ['objective', 'recipe', 'upTo', 'frozen'],
  });
  const { stages, epochs, validation, keep, ...shared } = options;
  const shares = stageEpochs(epochs, stages);
  const { resume, ...watched } = control;
  const first = resume === undefined ? 0 : stageOf(resume, stages.length);
  const each = stages.map(
    (stage, i): TrainOptions => ({
      ...{ ...shared, ...stage, epochs: shares[i]! },
      ...(i === stages.length - 1 && { validation, keep }),
    }),
  );
  for (let i = first; i < stages.length; i++) await checkStage(i, each[i]!);
  const before = (stage: number) => shares.slice(0, stage).reduce((sum, n) => sum + n, 0);
  let past = resume?.history.slice(0, before(first)) ?? [];
  let model: TrainedModel | undefined;
  for (let i = first; i < stages.length; i++) {
    const place = { stage: i, before: before(i), epochs, past };
    const counted = countedOver(place, watched, i === first ? resume : undefined);
    model = await train(engine, { ...each[i]!, ...(model && { initial: model }) }, counted.control);
    past = counted.history();
  }
  return model!;
}

/** Refuses what train() would, when the stage's turn comes. Making a step's graph twice takes milliseconds. */
async function checkStage(stage: number, options: TrainOptions): Promise<void> {
  try {
    await prepare(options);
  } catch (cause) {
    if (!(cause instanceof DistillError)) throw cause;
    throw new DistillError(cause.code, `stage ${stage + 1}: ${cause.message}`, { cause });
  }
}

/** How many epochs each stage has. @throws DistillError 'bad-argument' for stages that don't add up. */
export function stageEpochs(epochs: number, stages: readonly Pick<Stage, 'epochs'>[]): number[] {
  checkWhole(epochs, 'epochs', 1, 1_000_000);
  checkList(stages, 'stages', 'stages, { objective, epochs, upTo }', (one) => brandOf(one) === 'Object');
  demand(stages.length > 0, 'stages must be a list of at least one, { objective, epochs, upTo }');
  for (const [i, stage] of stages.entries()) {
    checkNames(stage, `stage ${i + 1}`, NAMES);
    if (stage.epochs !== undefined) checkWhole(stage.epochs, `the epochs of stage ${i + 1}`, 1, epochs);
  }
  const told = stages.reduce((sum, stage) => sum + (stage.epochs ?? 0), 0);
  const open = stages.filter((stage) => stage.epochs === undefined).length;
  demand(
    open === 0 ? told === epochs : told + open <= epochs,
    () =>
      `${stages.length} stages can't share ${epochs} epochs of which ${told} are told: epochs must be their sum, and each has at least 1`,
  );
  if (stages.length === 2 && open === 2) {
    const third = Math.max(1, Math.round(epochs / 3));
    return [third, epochs - third];
  }
  let left = epochs - told;
  let among = open;
  return stages.map((stage) => {
    if (stage.epochs !== undefined) return stage.epochs;
    const share = Math.floor(left / among);
    left -= share;
    among -= 1;
    return share;
  });
}

/** Where a stage is in the whole training. */
interface Place {
  stage: number;
  /** Epochs of the stages before. */
  before: number;
  /** Of all stages. */
  epochs: number;
  /** The epochs before, as results. */
  past: readonly EpochResult[];
}

/** The control of one stage's training for one of all stages: progress, epochs and states are counted over all. */
function countedOver(
  { stage, before, epochs, past }: Place,
  control: RunControl,
  resume: TrainingState | undefined,
): { control: RunControl; history(): EpochResult[] } {
  const { onProgress, onCheckpoint, ...rest } = control;
  const later = (history: readonly EpochResult[], by: number) =>
    history.map((result) => ({ ...result, epoch: result.epoch + by }));
  let own: EpochResult[] = later(resume?.history.slice(before) ?? [], -before);
  const history = () => [...past, ...later(own, before)];
  return {
    history,
    control: {
      ...rest,
      ...(resume && { resume: { ...resume, history: own } }),
      ...(onProgress && {
        onProgress: ({ epoch, epochs: all, samples, totalSamples }) => {
          const each = totalSamples / all;
          return onProgress({
            ...{ epoch: epoch + before, epochs },
            ...{ samples: samples + before * each, totalSamples: epochs * each },
          });
        },
      }),
      ...(onCheckpoint && {
        onCheckpoint: (state) => {
          own = state.history;
          const tensors = new Map([...state.tensors, [PLACE, Float32Array.of(stage)]]);
          return onCheckpoint({ ...state, history: history(), tensors });
        },
      }),
    },
  };
}

/** @throws DistillError 'mismatch' for a state that isn't of one of these stages. */
function stageOf(state: TrainingState, stages: number): number {
  checkState(state);
  const stage = state.tensors.get(PLACE)?.[0] ?? -1;
  demand(
    stage >= 0 && stage < stages,
    () => `the training state isn't of one of ${stages} stages: it belongs to another run`,
    'mismatch',
  );
  return stage;
}

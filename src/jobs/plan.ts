import type { Engine } from '../backends/backend.js';
import type { Dataset } from '../data/dataset.js';
import { type Feed, residentFeed } from '../data/feed.js';
import { inputsLike, isStream, type Labeled, type SampleStream } from '../data/stream.js';
import { streamFeed } from '../data/stream-feed.js';
import { sha256 } from '../formats/hash.js';
import { type Shape, sameShape, size } from '../graph/shape.js';
import { type Architecture, forData } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import { parametersOf } from '../nn/placed-layers.js';
import { tapOf } from '../nn/tap-shape.js';
import { entryOf } from '../objectives/catalog.js';
import type { Objective } from '../objectives/objective.js';
import { stillOf } from '../train/prepare.js';
import { completeRecipe, defaultRecipe } from '../train/recipe.js';
import { trainingStep } from '../train/step.js';
import { objectiveOf } from './lesson.js';
import { outputsStandIn } from './outputs.js';
import { outputsOf, type TrainJob } from './spec.js';
import { checkLabeled } from './terms.js';

const BATCH = 100;

/**
 * SHA-256 of the training step as this engine's compiler plans it: it changes when a code change affects what is
 * computed, or in which order. The plan is compiled for stand-in data: a full batch and the partial last one, all
 * zeros; `networks` teach in the step, if need be untrained ones. That of a stream is the one it trains by, as its windows
 * depend on all its samples; none of them is read.
 * @throws DistillError for data that the lesson can't teach on, as train() does.
 */
export async function planSha256(
  engine: Engine,
  job: TrainJob,
  data: Dataset | SampleStream,
  networks: readonly TrainedModel[],
): Promise<string> {
  if (job.lesson.kind === 'objectives') checkLabeled(job.lesson.terms, data, job.unlabeled);
  const { feed, objective } = isStream(data) ? ofStream(job, data, networks) : ofStandIn(job, data, networks);
  // Of what is only kept later, checkSamples() would refuse the stand-in.
  await objective.check?.(data, job.augment ?? []);
  const { plans } = trainingStep({
    architecture: forData(job.architecture, inputsLike(data)),
    objective,
    recipe: job.recipe ? completeRecipe(job.recipe) : defaultRecipe(objective, job.epochs),
    feed,
    frozen: stillOf(job),
  });
  return sha256([new TextEncoder().encode(engine.explain(plans))]);
}

interface Compiled {
  feed: Feed;
  objective: Objective;
}

function ofStream(job: TrainJob, data: SampleStream, networks: readonly TrainedModel[]): Compiled {
  const { batch = BATCH, window, epochs, augment = [] } = job;
  const objective = objectiveFor(job, data, networks);
  const { columns = {} } = objective;
  const feed = streamFeed({ data, batch, window, epochs, seed: 0, augment, columns });
  return { feed, objective };
}

function ofStandIn(job: TrainJob, data: Dataset, networks: readonly TrainedModel[]): Compiled {
  const batch = Math.min(job.batch ?? BATCH, data.size);
  const standIn = zeros(data, batch + (data.size % batch));
  const objective = objectiveFor(job, standIn, networks);
  const feed = residentFeed({
    data: standIn,
    batch,
    seed: 0,
    augment: job.augment ?? [],
    columns: objective.columns ?? {},
  });
  return { feed, objective };
}

function objectiveFor(job: TrainJob, data: Labeled, networks: readonly TrainedModel[]): Objective {
  const hidden = hiddenShape(job);
  const outputs = outputsOf(job).map(({ what }) => outputsStandIn(what, data, hidden));
  return objectiveOf(job.lesson, { outputs, networks });
}

/** A map that any map or row of a student can be compared with. */
const PIXEL: Shape = [1, 1, 1];

/** In place of a teacher's hidden units: what the student has where their shape counts, else any row. */
function hiddenShape({ lesson, architecture }: TrainJob): Shape {
  const terms = lesson.kind === 'objectives' ? lesson.terms : [];
  const shapes = terms.flatMap(({ objective, options = {} }) => {
    const { likeKept, needs } = entryOf(objective);
    const layer = likeKept?.({ ...options });
    if (layer === undefined) return [];
    const { shape } = tapOf(architecture, layer, 'the student');
    return [needs.maps && shape.length !== 3 ? PIXEL : shape];
  });
  const [first = [64], ...others] = shapes;
  return others.every((shape) => sameShape(shape, first)) ? first : PIXEL;
}

/** A network that isn't trained yet, to plan with: all its weights are 0. */
export function untrained(architecture: Architecture): TrainedModel {
  const weights = parametersOf(architecture).map(
    ({ name, shape }) => [name, new Float32Array(size(shape))] as const,
  );
  return { architecture, weights: new Map(weights) };
}

function zeros({ inputs, classes }: Dataset, samples: number): Dataset {
  const count = samples * size(inputs.shape);
  const values = inputs.values.BYTES_PER_ELEMENT === 1 ? new Uint8Array(count) : new Float32Array(count);
  return { inputs: { shape: inputs.shape, values }, labels: new Int32Array(samples), size: samples, classes };
}

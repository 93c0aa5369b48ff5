// Tunes a recipe on training images alone: trains on all but the last 10,000, counts errors on these, with
// their mean cross-entropy, which noise disturbs less, after each fifth epoch and the last. What the papers' tuning.md
// list was found with it:
//   node scripts/tune.mjs '{ "network": "800,800,10", "epochs": 15, "rate": 0.1 }'
//   node scripts/tune.mjs '{ …, "save": "teacher.safetensors" }'
//   node scripts/tune.mjs '{ …, "teacher": "teacher.safetensors", "loss": { "temperature": 20, "form": "two-term" } }'
//   node scripts/tune.mjs '{ …, "from": "teacher.safetensors", "rate": 0.05 }'
//   node scripts/tune.mjs '{ …, "data": "fashion-mnist" }'
//   node scripts/tune.mjs '{ …, "share": 0.036, "teacher": "teacher.safetensors", "terms": [{ "weight": 1, "objective": "labels" }, …] }'
// Everything but network, data, share, seed, save, from, upTo, teacher, loss, terms and threads is the recipe, or epochs, batch
// or augment.
import {
  type Dataset,
  distillation,
  type Engine,
  encodeModel,
  evaluate,
  type Objective,
  softTargets,
  type TrainedModel,
  type TrainOptions,
  trainEpochs,
} from 'wasm-distill';
import type { LessonTerm } from 'wasm-distill/jobs';
import { type KdOptions, objectiveNamed, weightedSum } from 'wasm-distill/objectives';
import { withEngine } from '../cli/context.ts';
import { loadModels } from '../cli/files/load-models.ts';
import { writeAtomic } from '../cli/files/run-files.ts';
import { architectureOf, partsOf } from './compile.ts';
import { type DataName, dataSet } from './data-sets.ts';
import type { Training } from './model.ts';
import { choose, split } from './samples.ts';

/** What is typed. */
interface Trial extends Training {
  network: string;
  /** Default: MNIST. */
  data?: DataName;
  threads?: number;
  seed?: number;
  /** Files: what is written, what training goes on from, and what teaches by the loss. */
  save?: string;
  from?: string;
  teacher?: string;
  loss?: KdOptions;
  /** Objectives in place of the loss; the teacher runs in the step. */
  terms?: readonly LessonTerm[];
  /** Only layers up to this one learn. */
  upTo?: string;
  /** Of the images, what is learned from. */
  share?: number;
}

const text = process.argv[2] ?? '';
const trial = JSON.parse(text) as Trial;
const { network, data: name, share = 1, save, from, upTo, ...rest } = trial;
const { teacher, loss, terms, threads = 1, seed = 1, ...training } = rest;
const { train, test: validation } = split((await dataSet(name).load()).train);
const data = choose(train, { share }, seed);

await withEngine({ threads }, async (engine) => {
  const options: TrainOptions = {
    architecture: architectureOf(network, data.inputs.shape),
    data,
    seed,
    ...partsOf(training),
    ...(from && { initial: await model(from) }),
    ...(upTo !== undefined && { upTo }),
    ...(terms
      ? { objective: await sum(terms) }
      : teacher && { objective: await lesson(engine, teacher, loss) }),
  };
  for await (const { epoch, loss: mean, model: trained } of trainEpochs(engine, options)) {
    if (epoch % 5 > 0 && epoch < training.epochs) continue;
    const { errors, probabilities } = await evaluate(engine, trained, validation);
    const crossEntropy = crossEntropyOf(probabilities, validation);
    console.log(JSON.stringify({ epoch, loss: mean, errors, crossEntropy, recipe: text }));
    if (save) await writeAtomic(save, encodeModel(trained));
  }
});

async function lesson(engine: Engine, file: string, options: KdOptions | undefined): Promise<Objective> {
  if (!options) throw new Error('a teacher teaches by a loss: give one too');
  const { temperature } = options;
  const soft = await softTargets(engine, [await model(file)], data, { temperature });
  return distillation({ ...options, soft });
}

async function sum(all: readonly LessonTerm[]): Promise<Objective> {
  const teaching = teacher ? { networks: [await model(teacher)] } : {};
  return weightedSum(
    ...all.map(({ weight, ...named }) => [weight, objectiveNamed(named, teaching)] as const),
  );
}

async function model(file: string): Promise<TrainedModel> {
  return (await loadModels([file]))[0]!.model;
}

function crossEntropyOf(probabilities: Float32Array, { labels, size, classes }: Dataset): number {
  return labels.reduce((sum, label, i) => sum - Math.log(probabilities[i * classes + label]!), 0) / size;
}

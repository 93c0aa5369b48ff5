import type { Dataset, Engine, TrainedModel } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import type { Trained, TrainJob } from 'wasm-distill/jobs';
import { type Drawing, drawingsOf, termsOf } from './drawings.ts';
import type { Inside, StageCurve } from './inside.ts';
import { mapsFigure } from './maps.ts';
import { neighborsFigure } from './neighbors.ts';
import { relationFigure } from './relations.ts';

/** Of more pairs of layers a report has those named first. */
const MOST_MAPS = 6;

export interface Asked {
  /** The distilled student's training. */
  job: TrainJob;
  /** The trainings that it starts from, the first first. */
  stages: readonly Trained[];
  /** Those that it learned from, in the order of its lesson. */
  teachers: readonly AnyModel[];
  distilled: TrainedModel;
  hard: TrainedModel;
  test: Dataset;
}

/** What the student's objective looks at in its teacher and in it; undefined where it looks at their answers alone. */
export async function insideOf(engine: Engine, asked: Asked): Promise<Inside | undefined> {
  const stages = asked.stages.map(stageCurve).filter(({ objectives }) => objectives.length > 0);
  const inside: Inside = {
    ...(stages.length > 0 && { stages }),
    ...(await figures(engine, drawingsOf(asked.job), asked)),
  };
  return Object.keys(inside).length > 0 ? inside : undefined;
}

async function figures(
  engine: Engine,
  drawings: readonly Drawing[],
  { teachers: [teacher], distilled, hard, test }: Asked,
): Promise<Inside> {
  // Neighbors are the student's own; maps and matrices are drawn to be compared with a teacher's.
  const models = teacher && { teacher, distilled, hard };
  const maps = models && (await eachOf(mapsOf(drawings), (one) => mapsFigure(engine, one, models, test)));
  const relations =
    models && (await eachOf(relationsOf(drawings), (one) => relationFigure(engine, one, models, test)));
  const neighbors = await eachOf(neighborsOf(drawings), (one) =>
    neighborsFigure(engine, one, { teacher, distilled, hard }, test),
  );
  return {
    ...(maps?.length && { maps }),
    ...(relations?.length && { relations }),
    ...(neighbors[0] && { neighbors: neighbors[0] }),
  };
}

type Of<K extends Drawing['kind']> = Extract<Drawing, { kind: K }>;

function mapsOf(drawings: readonly Drawing[]): Of<'attention' | 'gradients'>[] {
  const isMap = (one: Drawing): one is Of<'attention' | 'gradients'> =>
    one.kind === 'attention' || one.kind === 'gradients';
  return drawings.filter(isMap).slice(0, MOST_MAPS);
}

function relationsOf(drawings: readonly Drawing[]): Of<'relation'>[] {
  return drawings.filter((one): one is Of<'relation'> => one.kind === 'relation');
}

function neighborsOf(drawings: readonly Drawing[]): Of<'neighbors'>[] {
  return drawings.filter((one): one is Of<'neighbors'> => one.kind === 'neighbors').slice(0, 1);
}

async function eachOf<D, F>(drawings: readonly D[], make: (one: D) => Promise<F | undefined>): Promise<F[]> {
  const made: F[] = [];
  for (const one of drawings) {
    const figure = await make(one);
    if (figure) made.push(figure);
  }
  return made;
}

function stageCurve({ job, history }: Trained): StageCurve {
  return {
    objectives: termsOf(job).map(({ objective }) => objective),
    points: history.map(({ epoch, loss }) => ({ epoch, loss })),
  };
}

import { type Model, seedsTo } from './model.js';
import type { Scale } from './recipes.js';

/** A line of a table: the test errors of a model, beside those of the paper and those hoped for. */
export interface Row {
  what: string;
  model: Model;
  seeds: readonly number[];
  paper?: number;
  goal?: number;
  /** The models of all seeds answer together, by their averaged probabilities (default: each for itself). */
  together?: boolean;
}

/** An experiment is data: which models are trained and compared. */
export interface Experiment {
  name: string;
  /** What it shows, in a sentence. */
  shows: string;
  rows: readonly Row[];
}

/** Every experiment at a scale. The paper is Hinton, Vinyals, Dean 2015, arXiv 1503.02531. */
export function experiments(scale: Scale): Experiment[] {
  const { teacher, hard, soft } = models(scale);
  const headline = seedsTo(scale.headlineSeeds);
  const few = seedsTo(scale.seeds);
  const { teachers } = scale.ensemble;
  return [
    {
      name: 'mnist-teacher',
      shows: 'a large network with dropout, max-norm and jittered images (section 3)',
      rows: [{ what: 'teacher', model: teacher, seeds: headline, paper: 67, goal: 67 }],
    },
    {
      name: 'mnist-hard',
      shows: 'a smaller network on labels alone, not regularised (section 3)',
      rows: [{ what: 'student, hard labels', model: hard, seeds: headline, paper: 146 }],
    },
    {
      name: 'mnist-soft',
      shows: 'the same student on soft targets of images that are not jittered (section 3)',
      rows: [
        { what: 'student, soft targets', model: soft, seeds: headline, paper: 74, goal: 74 },
        { what: 'student, hard labels', model: hard, seeds: headline, paper: 146 },
        { what: 'teacher', model: teacher, seeds: headline, paper: 67 },
      ],
    },
    {
      name: 'mnist-ensemble',
      shows: 'an ensemble that relabels jittered images in the step, in one student',
      rows: [
        { what: `student of ${teachers} teachers`, model: ensembleStudent(scale), seeds: few, goal: 60 },
        {
          what: `the ${teachers} teachers together`,
          model: teacher,
          seeds: seedsTo(teachers),
          together: true,
        },
        { what: 'one teacher', model: teacher, seeds: seedsTo(teachers) },
      ],
    },
  ];
}

function models(scale: Scale): Record<'teacher' | 'hard' | 'soft', Model> {
  const teacher = { title: 'teacher', ...scale.teacher };
  const hard = { title: 'hard labels', hidden: scale.student, recipe: scale.hard };
  const soft = {
    title: 'soft targets',
    hidden: scale.student,
    recipe: scale.soft.recipe,
    lesson: { ...scale.soft.lesson, teacher },
  };
  return { teacher, hard, soft };
}

function ensembleStudent(scale: Scale): Model {
  const { recipe, lesson, teachers } = scale.ensemble;
  const { teacher } = models(scale);
  return {
    title: 'ensemble student',
    hidden: scale.student,
    recipe,
    lesson: { ...lesson, teacher, teachers, relabel: true },
  };
}

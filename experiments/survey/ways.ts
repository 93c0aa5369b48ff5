import { percent } from '../../cli/format/numbers.ts';
import type { Experiment, Row } from '../experiment.ts';
import { type Model, type ModelLesson, seedsTo, type Training } from '../model.ts';
import type { Samples } from '../samples.ts';
import type { Scale } from './recipes.ts';

interface Way {
  what: string;
  lesson?: ModelLesson;
}

/** The survey's sum of two losses, with teachers of its own temperature and ordinary ones, beside Hinton's two terms. */
export function ways(scale: Scale): Experiment[] {
  const { few, all } = scale.ways;
  return [
    comparison(scale, `students see ${percent(few.share)} of the images`, few.training, { share: few.share }),
    { ...comparison(scale, 'students see all images', all), name: 'survey-recipe-all' },
  ];
}

function comparison(scale: Scale, of: string, training: Training, samples: Samples = {}): Experiment {
  const { teachers, students, temperatures } = scale.ways;
  const seeds = seedsTo(scale.seeds);
  const { survey: T } = temperatures;
  const rows = students.flatMap(({ what, network }) =>
    waysOf(scale).map((way): Row => {
      const title = `${what}: ${way.what}`;
      const { lesson } = way;
      const model = { title, network: last(network), training, samples, ...(lesson && { lesson }) };
      return { what: title, model, seeds };
    }),
  );
  const own = (temperature: number): Row => ({
    what: teachers === 1 ? `the teacher, T = ${temperature}` : `the ${teachers} teachers, T = ${temperature}`,
    model: teacherOf(scale, temperature),
    seeds: seedsTo(teachers),
    together: true,
  });
  return {
    name: 'survey-recipe',
    shows: `the survey's recipe (teachers trained through a softmax at T = ${T}, the plain sum of both losses) beside Hinton's two terms with T² and labels alone; ${of}, teachers all`,
    withoutNumbers: true,
    kind: 'comparison',
    rows: [...rows, own(1), own(T)],
  };
}

function waysOf(scale: Scale): Way[] {
  const { teachers, temperatures } = scale.ways;
  const { survey, mild } = temperatures;
  const taughtBy = (teacher: Model) => ({ kind: 'distillation', teacher, teachers }) as const;
  const plain = taughtBy(teacherOf(scale, 1));
  const twoTerms = (temperature: number): Way => ({
    what: `two terms with T², T = ${temperature}, teachers at 1`,
    lesson: { ...plain, temperature, alpha: 0.1, form: 'two-term' },
  });
  const sum = (of: number): Way => ({
    what: `sum, T = ${survey}, teachers at ${of}`,
    lesson: { ...taughtBy(teacherOf(scale, of)), temperature: survey, form: 'sum' },
  });
  return [{ what: 'labels' }, sum(survey), sum(1), twoTerms(survey), twoTerms(mild)];
}

/** Trained on all images, through its softmax at this temperature. */
function teacherOf({ teacher: { network, training } }: Scale, temperature: number): Model {
  const hot = { title: `teacher at T = ${temperature}`, lesson: { kind: 'labels', temperature } } as const;
  return { title: 'teacher', network: last(network), training, ...(temperature !== 1 && hot) };
}

/** With the layer of the ten digits. */
function last(network: string): string {
  return network.includes(',') ? `${network},10` : `${network} dense10`;
}

import type { Experiment, Row } from '../experiment.ts';
import { type Model, seedsTo } from '../model.ts';
import type { Samples } from '../samples.ts';
import type { Scale, Trainee } from './recipes.ts';

/** Digits that are learned first, then others from a few images: what the start and what the teacher save. */
export function transfer({ seeds: count, teacher, transfer: scale }: Scale): Experiment {
  const { first, next, student, few, loss } = scale;
  const seeds = seedsTo(count);
  const [before, after]: [Samples, Samples] = [
    { classes: first, alone: true },
    { classes: next, alone: true },
  ];
  const named = { first: listed(first), next: listed(next) };
  const prior = trained(`student of ${named.first}`, student, before);
  const expert = trained(`teacher of ${named.next}`, teacher, after);
  const starts = [{ start: 'from scratch' }, { start: `from ${named.first}`, from: prior }];
  const lessons = [
    { how: 'labels' },
    { how: 'distilled', lesson: { kind: 'distillation', teacher: expert, teachers: 1, ...loss } as const },
  ];
  const measure = 'error' as const;
  const rows = few.flatMap(({ each, training }) =>
    starts.flatMap(({ start, ...begun }) =>
      lessons.map(({ how, ...taught }): Row => {
        const line = `${start}, ${how}`;
        const learner = { network: student.network, training };
        const model = trained(`${each} a class, ${line}`, learner, { ...after, each });
        const what = `${each} images a class, ${line}`;
        return { what, model: { ...model, ...begun, ...taught }, seeds, measure, at: { x: each, line } };
      }),
    ),
  );
  return {
    name: 'transfer-by-prior',
    shows: `a student with a prior needs very little of a new scene: ${named.first} from all of their images, then ${named.next} from a few, on labels and on the soft targets of a teacher of all images of ${named.next}`,
    withoutNumbers: true,
    kind: 'comparison',
    rows: [
      ...rows,
      { what: `the teacher, on ${named.next}`, model: expert, seeds: [1], measure },
      { what: `the student that is gone on from, on ${named.first}`, model: prior, seeds, measure },
    ],
    plot: { x: 'images a class', y: 'test error, %', log: true },
  };
}

function trained(title: string, { network, training }: Trainee, samples: Samples): Model {
  return { title, network: `${network} dense${samples.classes!.length}`, training, samples };
}

function listed(classes: readonly number[]): string {
  return `${classes[0]} to ${classes.at(-1)}`;
}

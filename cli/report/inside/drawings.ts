import type { LessonTerm, TrainJob } from 'wasm-distill/jobs';
import type { Measure } from './inside.ts';

/** What can be drawn of teacher and student, and of which layers. */
export type Drawing =
  | {
      kind: 'attention';
      student: string;
      /** Undefined: of what was kept of the teacher. */
      teacher?: string | undefined;
      power?: 1 | 2 | 3 | 4 | undefined;
      over?: 'sum' | 'mean' | 'max' | undefined;
    }
  | { kind: 'gradients' }
  | {
      kind: 'relation';
      measure: Measure;
      layer?: string | undefined;
      teacherLayer?: string | undefined;
    }
  | { kind: 'neighbors'; layer?: string | undefined; teacherLayer?: string | undefined };

/** The options that say where objectives look. */
interface Places {
  layers?: readonly { student: string; teacher?: string }[];
  power?: 1 | 2 | 3 | 4;
  over?: 'sum' | 'mean' | 'max';
  guided?: string;
  hint?: string;
  layer?: string;
  teacherLayer?: string;
}

/** The objectives of the catalog that there is something to draw of. */
const DRAWN: Readonly<Record<string, (options: Places) => readonly Drawing[]>> = {
  attention: maps,
  fsp: maps,
  fitnets: ({ guided, hint }) =>
    guided === undefined ? [] : [{ kind: 'attention', student: guided, teacher: hint }],
  'gradient-attention': () => [{ kind: 'gradients' }],
  similarity: relation('cosines'),
  probabilistic: relation('cosines'),
  congruence: relation('cosines'),
  relational: relation('distances'),
  darkrank: (options) => [...relation('distances')(options), neighbors(options)],
  verification: (options) => [neighbors(options)],
  triplet: (options) => [neighbors(options)],
};

function maps({ layers = [], power, over }: Places): readonly Drawing[] {
  return layers.map(({ student, teacher }) => ({
    ...{ kind: 'attention', student, teacher },
    ...(power !== undefined && { power }),
    ...(over !== undefined && { over }),
  }));
}

function relation(measure: Measure): (options: Places) => readonly Drawing[] {
  return ({ layer, teacherLayer }) => [{ kind: 'relation', measure, layer, teacherLayer }];
}

function neighbors({ layer, teacherLayer }: Places): Drawing {
  return { kind: 'neighbors', layer, teacherLayer };
}

/** What there is to draw of a training and of the stages before it, each once. */
export function drawingsOf(job: TrainJob): readonly Drawing[] {
  const all = [...stagesBefore(job), job].flatMap(termsOf).flatMap(({ objective, options }) => {
    const drawn = DRAWN[objective];
    return drawn ? drawn({ ...options } as Places) : [];
  });
  const texts = all.map((one) => JSON.stringify(one));
  return all.filter((_, i) => texts.indexOf(texts[i]!) === i);
}

/** The trainings whose weights this one starts from, the first first. */
export function stagesBefore({ initial }: TrainJob): readonly TrainJob[] {
  return initial?.kind === 'train' ? [...stagesBefore(initial), initial] : [];
}

export function termsOf({ lesson }: TrainJob): readonly LessonTerm[] {
  return lesson.kind === 'objectives' ? lesson.terms : [];
}

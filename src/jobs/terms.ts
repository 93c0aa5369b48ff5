import { checkList, checkNames } from '../checks.js';
import type { Augmentation } from '../data/augment/index.js';
import type { Labeled } from '../data/stream.js';
import { demand } from '../errors.js';
import { checkNamed, entryOf, type NamedObjective } from '../objectives/catalog.js';
import { checkSomeWeight, checkWeight, type Ramp } from '../objectives/weighted-sum.js';

/** One of the objectives of a lesson, as plain JSON: its name in the catalog, its weight in the sum. */
export type LessonTerm = NamedObjective & { readonly weight: number | Ramp };

/** What teachers are asked for a term before a training, where they don't run in its steps. */
export type Asked =
  | { readonly kind: 'soft targets'; readonly temperature: number }
  | { readonly kind: 'logits' }
  | { readonly kind: 'hidden' };

export interface Taught {
  /** How many teachers there are. */
  readonly teachers: number;
  /** Whether they were asked before. */
  readonly kept: boolean;
  readonly augment: readonly Augmentation[];
}

/** Refuses terms that the catalog doesn't have, or that these teachers can't teach. @throws DistillError 'bad-argument' */
export function checkTerms(terms: readonly LessonTerm[], taught: Taught): void {
  checkList(terms, 'the terms of a lesson', 'objectives such as { weight: 1, objective: "kd" }', (term) =>
    ['weight', 'objective'].every((name) => name in Object(term)),
  );
  demand(terms.length > 0, 'a lesson needs at least one term such as { weight: 1, objective: "kd" }');
  for (const [i, term] of terms.entries()) {
    checkNames(term, `term ${i + 1} of a lesson`, ['weight', 'objective', 'options']);
    checkWeight(term.weight, `the weight of term ${i + 1}`);
    checkNamed(term, `the objective of term ${i + 1}`);
    checkTaught(term, taught);
  }
  checkSomeWeight(
    terms.map(({ weight }) => weight),
    'a lesson',
  );
  demand(
    taught.teachers === 0 || terms.some(isTaught),
    () =>
      `none of ${terms.map(({ objective }) => objective).join(', ')} learns from a teacher: leave out the teachers of the lesson`,
  );
}

function isTaught({ objective }: LessonTerm): boolean {
  return entryOf(objective).needs.teacher !== 'none';
}

function checkTaught(term: LessonTerm, { teachers, kept, augment }: Taught): void {
  if (!isTaught(term)) return;
  const { objective } = term;
  const { teacher } = entryOf(objective).needs;
  demand(teachers > 0, () => `${objective} needs a teacher: give the lesson some`);
  demand(
    teachers === 1 || teacher === 'soft targets' || teacher === 'logits',
    () => `${objective} learns from one teacher, but the lesson has ${teachers}`,
  );
  demand(
    !kept || teacher !== 'layers',
    () =>
      `${objective} looks into the layers of its teacher, of which nothing is kept: take a network of this library as its teacher, which runs in the step, and leave out kept`,
  );
  demand(
    !kept || teacher === 'soft targets' || augment.length === 0,
    () =>
      `${objective} learns from what was kept of the samples as they are, not as the student sees them: leave out augment, or kept, so that the teacher runs in the step`,
  );
}

/** Refuses data without any label for terms that learn from labels. @throws DistillError 'bad-argument' */
export function checkLabeled(terms: readonly LessonTerm[], { labels }: Labeled, unlabeled = 0): void {
  const needing = terms.find(({ objective }) => entryOf(objective).needs.labels);
  demand(
    needing === undefined || (unlabeled < 1 && labels.some((label) => label >= 0)),
    () =>
      `${needing?.objective} learns from labels, but no sample has one: take another objective, such as kd or logits`,
  );
}

/** What has to be asked before, each once, in the order of the terms. */
export function askedFor(terms: readonly LessonTerm[]): readonly Asked[] {
  const asked = terms.flatMap((term) => askedBy(term) ?? []);
  const texts = asked.map((one) => JSON.stringify(one));
  return asked.filter((_, i) => texts.indexOf(texts[i]!) === i);
}

/** What one term needs. */
export function askedBy(term: LessonTerm): Asked | undefined {
  const { needs, options } = entryOf(term.objective);
  switch (needs.teacher) {
    case 'soft targets': {
      const given: Readonly<Record<string, unknown>> = { ...term.options };
      return {
        kind: 'soft targets',
        temperature: (given.temperature ?? options.temperature!.default) as number,
      };
    }
    case 'logits':
      return { kind: 'logits' };
    case 'embeddings':
      return { kind: 'hidden' };
    default:
      return undefined;
  }
}

import { demand } from '../errors.js';
import { size } from '../graph/shape.js';
import type { TrainedModel } from '../nn/model-file.js';
import type { Teaching } from '../objectives/catalog/teaching.js';
import { objectiveNamed } from '../objectives/catalog.js';
import { distillation } from '../objectives/distillation.js';
import { features } from '../objectives/features.js';
import { labels } from '../objectives/labels.js';
import { logits } from '../objectives/logits.js';
import type { Objective } from '../objectives/objective.js';
import { weightedSum } from '../objectives/weighted-sum.js';
import type { Outputs } from './outputs.js';
import type { Lesson } from './spec.js';
import { askedBy, askedFor, type LessonTerm } from './terms.js';

/** What teachers give to a lesson. */
export interface Given {
  /** What they were asked before, in the order of outputsOf(). */
  readonly outputs: readonly Outputs[];
  /** Those that run in the step. */
  readonly networks: readonly TrainedModel[];
}

type Lessons = {
  readonly [K in Lesson['kind']]: (lesson: Extract<Lesson, { kind: K }>, given: Given) => Objective;
};

/** The objective for each kind of lesson. */
const lessons: Lessons = {
  labels: ({ temperature }) => labels({ temperature }),
  distillation: ({ temperature, alpha, form, softWeight }, { outputs: [outputs] }) => {
    demand(outputs?.kind === 'soft targets', 'distillation needs soft targets', 'missing');
    return distillation({ soft: outputs.soft, temperature, alpha, form, softWeight });
  },
  logits: (_, { outputs: [outputs] }) => {
    demand(outputs?.kind === 'table', 'regression on logits needs the teachers’ logits', 'missing');
    return logits({ logits: outputs.values, classes: size(outputs.shape) });
  },
  features: ({ weight }, { outputs: [outputs] }) => {
    demand(outputs?.kind === 'table', 'features need the teacher’s units', 'missing');
    return features({ features: outputs.values, units: size(outputs.shape), weight });
  },
  objectives: ({ terms, kept = false }, given) =>
    weightedSum(
      ...terms.map((term) => {
        const { weight, ...named } = term;
        const teaching = kept ? keptFor(term, terms, given.outputs) : { networks: given.networks };
        return [weight, objectiveNamed(named, teaching)] as const;
      }),
    ),
};

/** What was kept for one of the terms. */
function keptFor(term: LessonTerm, terms: readonly LessonTerm[], outputs: readonly Outputs[]): Teaching {
  const asked = askedBy(term);
  if (!asked) return {};
  const found = outputs[askedFor(terms).findIndex((one) => JSON.stringify(one) === JSON.stringify(asked))];
  demand(found !== undefined, () => `${term.objective} needs its teachers’ ${asked.kind}`, 'missing');
  if (found.kind === 'soft targets') return { soft: found.soft };
  const { values, shape } = found;
  const kept = { values, columns: size(shape), shape };
  return asked.kind === 'logits' ? { logits: kept } : { hidden: kept };
}

/** The objective of a lesson. @throws DistillError 'missing' if its teachers' outputs aren't there. */
export function objectiveOf(lesson: Lesson, given: Given): Objective {
  return (lessons[lesson.kind] as (lesson: Lesson, given: Given) => Objective)(lesson, given);
}

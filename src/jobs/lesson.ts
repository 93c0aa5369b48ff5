import { demand } from '../errors.js';
import { distillation } from '../objectives/distillation.js';
import { features } from '../objectives/features.js';
import { labels } from '../objectives/labels.js';
import { logits } from '../objectives/logits.js';
import type { Objective } from '../objectives/objective.js';
import type { Outputs } from './outputs.js';
import type { Lesson } from './spec.js';

type Lessons = {
  readonly [K in Lesson['kind']]: (
    lesson: Extract<Lesson, { kind: K }>,
    outputs: Outputs | undefined,
  ) => Objective;
};

/** The objective for each kind of lesson, given its teachers' outputs. */
const lessons: Lessons = {
  labels: ({ temperature }) => labels({ temperature }),
  distillation: ({ temperature, alpha, form, softWeight }, outputs) => {
    demand(outputs?.kind === 'soft targets', 'distillation needs soft targets', 'missing');
    return distillation({ soft: outputs.soft, temperature, alpha, form, softWeight });
  },
  logits: (_, outputs) => {
    demand(outputs?.kind === 'table', 'regression on logits needs the teachers’ logits', 'missing');
    return logits({ logits: outputs.values, classes: outputs.columns });
  },
  features: ({ weight }, outputs) => {
    demand(outputs?.kind === 'table', 'features need the teacher’s units', 'missing');
    return features({ features: outputs.values, units: outputs.columns, weight });
  },
};

/** The objective of a lesson. @throws DistillError 'missing' if its teachers' outputs aren't there. */
export function objectiveOf(lesson: Lesson, outputs: Outputs | undefined): Objective {
  return (lessons[lesson.kind] as (lesson: Lesson, outputs: Outputs | undefined) => Objective)(
    lesson,
    outputs,
  );
}

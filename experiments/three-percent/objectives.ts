import type { LessonTerm } from 'wasm-distill/jobs';
import { LABELS } from '../taught.ts';

/** An objective beside labels, or in their place, and how teachers are asked. */
export interface Taught {
  what: string;
  term: LessonTerm;
  /** The weight of labels beside it. */
  labels: number;
  /** It looks into its teacher, so that this has to run in the step. */
  inside?: true;
  /** Test errors in PyTorch on MNIST, where they were counted: of the student with these weights, or the mean of three. */
  pytorch?: number;
}

/** The last maps, which are of one size. */
const AT_TWO = { guided: 'two', hint: 'two' } as const;
const MAPS = ['one', 'two'].map((name) => ({ student: name, teacher: name }));

/** Every objective of the catalog that a teacher and this student allow; tuning.md says where the weights are from. */
export const OBJECTIVES: readonly Taught[] = [
  {
    what: 'DKD',
    term: { weight: 1, objective: 'dkd', options: { temperature: 4 } },
    labels: 1,
    pytorch: 174,
  },
  {
    what: 'logit standardization',
    term: { weight: 9, objective: 'standardized', options: { temperature: 2 } },
    labels: 0.1,
    pytorch: 230,
  },
  { what: 'logits', term: { weight: 0.1, objective: 'logits' }, labels: 1, pytorch: 200 },
  {
    what: 'DIST',
    term: { weight: 2, objective: 'dist', options: { temperature: 4 } },
    labels: 1,
    pytorch: 318,
  },
  { what: 'SP', term: { weight: 3000, objective: 'similarity' }, labels: 1, pytorch: 290 },
  { what: 'PKT', term: { weight: 1000, objective: 'probabilistic' }, labels: 1, pytorch: 285 },
  { what: 'CC', term: { weight: 100, objective: 'congruence' }, labels: 1, pytorch: 341 },
  { what: 'RKD', term: { weight: 10, objective: 'relational' }, labels: 1 },
  { what: 'DarkRank', term: { weight: 1, objective: 'darkrank' }, labels: 1 },
  {
    what: 'DarkRank, soft',
    term: { weight: 3, objective: 'darkrank', options: { ranking: 'soft' } },
    labels: 1,
  },
  {
    what: 'hints, joint',
    term: { weight: 0.01, objective: 'fitnets', options: AT_TWO },
    labels: 1,
    inside: true,
  },
  {
    what: 'AT',
    term: { weight: 10, objective: 'attention', options: { layers: MAPS, form: 'common' } },
    labels: 1,
    inside: true,
    pytorch: 433,
  },
];

/** FitNets' first stage. */
export const HINTS = { weight: 1, objective: 'fitnets', options: AT_TWO } as const satisfies LessonTerm;

/** Its second one (section 2.3). */
export const HINTS_THEN: readonly LessonTerm[] = [
  LABELS,
  { weight: { from: 4, to: 0 }, objective: 'kd', options: { temperature: 3, alpha: 0 } },
];

/** Without a teacher, labels within. */
export const BY_ITSELF: readonly { what: string; term: LessonTerm; pytorch?: number }[] = [
  {
    what: 'mutual learning, two students',
    term: { weight: 1, objective: 'mutual' },
    pytorch: 359,
  },
  {
    what: 'self-distillation',
    term: { weight: 1, objective: 'self-distillation', options: { layers: ['one', 'two'] } },
  },
];

/** Beside labels, for students without batch norm: it would mix the samples' gradients, and is refused. */
export const BY_GRADIENTS: readonly { what: string; term: LessonTerm; taught: boolean }[] = [
  {
    what: 'gradient AT',
    term: { weight: 10, objective: 'gradient-attention', options: { form: 'squared' } },
    taught: true,
  },
  {
    what: 'symmetric AT',
    term: { weight: 0.01, objective: 'symmetric-attention', options: { form: 'squared' } },
    taught: false,
  },
];

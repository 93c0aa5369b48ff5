import { checkWhole, shown } from '../checks.js';
import { demand } from '../errors.js';
import { size } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import type { Activations } from '../nn/network.js';
import { matmul } from '../ops/matmul.js';
import { reshape } from '../ops/reshape.js';
import { keptNumbers } from './kept.js';
import { layerAt } from './layer-at.js';
import type { Objective, Step } from './objective.js';
import { checkedTeachers } from './teachers.js';

/**
 * Whose relations are learned, and of which layers: numbers of each sample by a teacher in the step, or kept ones.
 * Teacher and student may have different numbers of units.
 */
export type EmbeddingSource = {
  /** The student's layer, by its name (default: its features, what its last layer with weights takes). */
  layer?: string | undefined;
} & (
  | { teacher: TrainedModel; teacherLayer?: string | undefined; features?: undefined; units?: undefined }
  | {
      teacher?: undefined;
      teacherLayer?: undefined;
      /** [size, units] */
      features: Float32Array;
      units: number;
    }
);

export const EMBEDDING_SOURCE = ['layer', 'teacher', 'teacherLayer', 'features', 'units'] as const;

/** What an objective needs for its embeddings, and where in a step they are: the student's and the teacher's, [batch, units]. */
export interface Embeddings {
  spec: { layer?: string; teacherLayer?: string };
  needs: Pick<Objective, 'columns' | 'teachers'> & { check: NonNullable<Objective['check']> };
  of(step: Step): [student: Tensor, teacher: Tensor];
}

/** A relation needs two samples. @throws DistillError 'bad-argument' */
export function embeddings({ layer, teacher, teacherLayer, features, units }: EmbeddingSource): Embeddings {
  checkLayers({ layer, teacherLayer });
  const spec = { ...(layer !== undefined && { layer }), ...(teacherLayer !== undefined && { teacherLayer }) };
  const student = (step: Step) => studentRows(step, layer);
  demand(
    (teacher === undefined) !== (features === undefined),
    'relations are learned from a teacher or from kept features: give one of the two',
  );
  if (teacher) {
    const teachers = checkedTeachers([teacher]);
    return {
      spec,
      needs: { teachers, check: () => {} },
      of: (step) => [student(step), rowsAt(step.teachers[0]!, teacherLayer, 'the teacher')],
    };
  }
  checkWhole(units, 'units', 1, Infinity);
  return {
    spec,
    needs: keptNumbers(
      { features: { values: features!, shape: [units!] } },
      { kept: 'kept features', whose: "the teacher's features", otherwise: 'a teacher, which runs' },
    ),
    of: (step) => [student(step), step.columns.features!],
  };
}

/** Refuses what are no names of layers, by the options that give them. */
export function checkLayers(layers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(layers))
    demand(
      value === undefined || typeof value === 'string',
      () => `${name} must be a layer's name, not ${shown(value)}`,
    );
}

/** The student's embeddings, [batch, units], of at least two samples. */
export function studentRows(step: Step, layer: string | undefined): Tensor {
  demand(
    step.size > 1,
    'relations between samples need batches of at least 2: give a larger batch or more samples',
  );
  return rowsAt(step.student, layer, 'the student');
}

/** A layer's output as a row for each sample. */
function rowsAt(activations: Activations, layer: string | undefined, whose: string): Tensor {
  const found = layer === undefined ? activations.features : layerAt(activations, layer, whose);
  return reshape(found, [found.shape[0]!, size(found.shape.slice(1))]);
}

/** Inner products of all pairs of rows: [n, units] → [n, n]. */
export function gram(x: Tensor): Tensor {
  return matmul(x, x, { transposeB: true });
}

import { type Architecture, multiplyAdds } from 'wasm-distill';
import { viewCount } from 'wasm-distill/data';
import type { DataReference, OutputsJob, Teacher, TrainJob } from 'wasm-distill/jobs';

/** What a job has to do: samples to go through, and floating-point operations for each. */
export interface Work {
  samples: number;
  flops: number;
}

export function workOf(job: TrainJob | OutputsJob, sizeOf: (data: DataReference) => number): Work {
  const samples = sizeOf(job.data);
  if (job.kind === 'train')
    return {
      samples: samples * job.epochs,
      flops: trainingFlops(job.architecture) + (asksInStep(job) ? askingFlops(job.lesson.teachers) : 0),
    };
  const views = job.what.kind === 'soft targets' ? viewCount(job.what.augment) : 1;
  return { samples: samples * views, flops: askingFlops(job.teachers) };
}

type AskingInStep = TrainJob & { lesson: { kind: 'objectives' } };

function asksInStep(job: TrainJob): job is AskingInStep {
  return job.lesson.kind === 'objectives' && !job.lesson.kept;
}

/** Of a sample. */
function askingFlops(teachers: readonly Teacher[] = []): number {
  return teachers.reduce(
    (sum, teacher) => sum + (teacher.kind === 'train' ? 2 * multiplyAdds(teacher.architecture) : 0),
    0,
  );
}

/** Of a sample: a multiply-add counts as 2, and the backward pass takes twice what the forward pass does. */
export function trainingFlops(architecture: Architecture): number {
  return 6 * multiplyAdds(architecture);
}

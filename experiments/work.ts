import { type Architecture, multiplyAdds } from 'wasm-distill';
import { viewCount } from 'wasm-distill/data';
import type { DataReference, OutputsJob, TrainJob } from 'wasm-distill/jobs';

/** What a job has to do: samples to go through, and floating-point operations for each. */
export interface Work {
  samples: number;
  flops: number;
}

export function workOf(job: TrainJob | OutputsJob, sizeOf: (data: DataReference) => number): Work {
  const samples = sizeOf(job.data);
  if (job.kind === 'train') return { samples: samples * job.epochs, flops: trainingFlops(job.architecture) };
  const views = job.what.kind === 'soft targets' ? viewCount(job.what.augment) : 1;
  const flops = job.teachers.reduce(
    (sum, teacher) => sum + (teacher.kind === 'train' ? 2 * multiplyAdds(teacher.architecture) : 0),
    0,
  );
  return { samples: samples * views, flops };
}

/** Of a sample: a multiply-add counts as 2, and the backward pass takes twice what the forward pass does. */
export function trainingFlops(architecture: Architecture): number {
  return 6 * multiplyAdds(architecture);
}

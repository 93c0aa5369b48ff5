import { decodeCheckpoint } from 'wasm-distill/formats';
import {
  type Artifacts,
  type DataReference,
  type JobListener,
  type JobSpec,
  type OutputsJob,
  samplesDone,
  type TrainJob,
} from 'wasm-distill/jobs';
import { counted } from '../cli/format/numbers.ts';
import type { Bar, Progress } from '../cli/terminal/progress.ts';
import type { TaskData } from './task-data.ts';
import { type Work, workOf } from './work.ts';

type Working = TrainJob | OutputsJob;

interface Left extends Work {
  done: number;
}

/** A bar over all trainings and what their teachers are asked, by the arithmetic that these take. */
export class Overall {
  readonly #bar: Bar;

  private constructor(
    progress: Progress,
    private readonly left: ReadonlyMap<Working, Left>,
  ) {
    const title = `all ${counted(this.#trainings.length, 'training')}`;
    this.#bar = progress.start(title, this.#gigaflops('samples'), this.#gigaflops('done'), 'GFLOP');
  }

  /** Of jobs by their keys; what interrupted trainings have behind them is read from their checkpoints. */
  static async over(
    missing: ReadonlyMap<string, JobSpec>,
    { progress, data, artifacts }: { progress: Progress; data: TaskData; artifacts: Artifacts },
  ): Promise<Overall> {
    const sizeOf = (reference: DataReference) => data.samplesOf(reference).size;
    const left = new Map<Working, Left>();
    for (const [key, job] of missing) {
      if (job.kind === 'evaluate') continue;
      const checkpoint = job.kind === 'train' ? await artifacts.read(key, 'checkpoint') : undefined;
      const done =
        checkpoint && job.kind === 'train'
          ? samplesDone(decodeCheckpoint(checkpoint, key, job.title), {
              data: data.samplesOf(job.data),
              batch: job.batch,
            })
          : 0;
      left.set(job, { ...workOf(job, sizeOf), done });
    }
    return new Overall(progress, left);
  }

  update(job: Working, done: number): void {
    const before = this.#finished;
    this.left.get(job)!.done = done;
    this.#bar.update(this.#gigaflops('done'));
    const finished = this.#finished;
    if (finished > before && finished < this.#trainings.length) this.#bar.note(`${finished} done`);
  }

  /** Of a job: all of it. */
  finish(job: Working): void {
    this.update(job, this.left.get(job)!.samples);
  }

  done(): void {
    this.#bar.done('done');
  }

  get #trainings(): Left[] {
    return [...this.left].flatMap(([job, left]) => (job.kind === 'train' ? [left] : []));
  }

  get #finished(): number {
    return this.#trainings.filter(({ samples, done }) => done === samples).length;
  }

  #gigaflops(count: 'samples' | 'done'): number {
    return [...this.left.values()].reduce((sum, work) => sum + work[count] * work.flops, 0) / 1e9;
  }
}

/** What a listener is told of jobs, an overall bar is told too, while there is one. */
export function withOverall(listener: JobListener, overall: () => Overall | undefined): JobListener {
  return {
    ...listener,
    progressed: (job, samples) => {
      listener.progressed(job, samples);
      overall()?.update(job, samples);
    },
    finished: (job, history) => {
      listener.finished(job, history);
      overall()?.finish(job);
    },
    asked: (job, samples) => {
      listener.asked(job, samples);
      overall()?.update(job, samples);
    },
    answered: (job) => {
      listener.answered(job);
      overall()?.finish(job);
    },
  };
}

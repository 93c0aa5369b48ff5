import type { JobListener, OutputsJob, Point, TrainJob } from 'wasm-distill/jobs';
import { counted } from '../format/numbers.ts';
import type { Bar, Progress } from '../terminal/progress.ts';

/** Shows running jobs as bars, or as occasional lines. */
export function jobProgress(progress: Progress): JobListener {
  const bars = new Map<TrainJob | OutputsJob, Bar>();
  const totals = new Map<OutputsJob, number>();
  return {
    found: ({ job, history }) => progress.say(`${job.title}: trained before, ${errorsOf(history)}`),
    started: (job, total, done) => void bars.set(job, progress.start(job.title, total, done)),
    progressed: (job, samples) => bars.get(job)?.update(samples),
    learned: (job, history) => {
      const { epoch } = history.at(-1)!;
      if (epoch < job.epochs) bars.get(job)?.note(`epoch ${epoch}/${job.epochs}, ${errorsOf(history)}`);
    },
    finished: (job, history) => bars.get(job)?.done(`${counted(job.epochs, 'epoch')}, ${errorsOf(history)}`),
    warned: ({ title }, { sentence }) => progress.say(`warning: ${title}: ${sentence}`),
    asking: (job, total) => {
      totals.set(job, total);
      bars.set(job, progress.start(job.title, total));
    },
    asked: (job, samples) => bars.get(job)?.update(samples),
    answered: (job) => bars.get(job)?.done(`${counted(totals.get(job)!, 'sample')}${temperatureOf(job)}`),
  };
}

function temperatureOf({ what }: OutputsJob): string {
  return what.kind === 'soft targets' ? ` at T = ${what.temperature}` : '';
}

export function errorsOf(history: readonly Point[]): string {
  const { testErrors, validationErrors = 0 } = history.at(-1)!;
  return testErrors === undefined
    ? counted(validationErrors, 'validation error')
    : counted(testErrors, 'test error');
}

import { type GenericFormatter, MultiBar } from 'cli-progress';
import { clock, count, duration, percent } from '../format/numbers.ts';
import { colorsFor, isScreen } from './colors.ts';

/** A running stage. */
export interface Bar {
  update(done: number): void;
  /** Shows news, such as an epoch's result. */
  note(text: string): void;
  done(text: string): void;
}

/** Shows running stages on standard error: bars on a terminal, occasional lines elsewhere. */
export interface Progress {
  /** `from`: samples (or other units) done earlier, which don't count toward the speed. */
  start(title: string, total: number, from?: number, unit?: string): Bar;
  say(line: string): void;
  /** Leaves the terminal as it was; may be called twice. */
  close(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  return isScreen(stream) ? bars(stream) : lines(stream);
}

/** A stage's average speed, evaluations included: that is what the time left depends on. */
class Pace {
  readonly #started = performance.now();
  done: number;

  constructor(
    private readonly total: number,
    private readonly from: number,
    private readonly unit: string,
  ) {
    this.done = from;
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** In a width that seldom changes, for bars stacked vertically. */
  toString(): string {
    const rate = (this.done - this.from) / this.seconds;
    if (!(rate > 0)) return '';
    const left = clock((this.total - this.done) / rate);
    return `${count(rate).padStart(7)} ${this.unit}/s  ${left.padStart(4)} left`;
  }
}

interface Payload {
  title: string;
  pace: Pace;
  note: string;
}

const TITLE = 22;
/** Columns reserved for the text beside a bar. */
const BESIDE = 88;

/** Finished stages scroll up as lines; below them each running stage has a bar. */
function bars(stream: NodeJS.WriteStream): Progress {
  const colors = colorsFor(stream);
  const width = Math.max(10, Math.min(30, (stream.columns ?? 80) - BESIDE));
  const format: GenericFormatter = (_, { progress }, { title, pace, note }: Payload) => {
    const full = Math.round(progress * width);
    const bar = colors.cyan('━'.repeat(full)) + colors.dim('─'.repeat(width - full));
    const share = percent(Math.floor(progress * 100) / 100).padStart(4);
    return `${title.padEnd(TITLE)} ${bar} ${share} ${pace}  ${colors.dim(note)}`;
  };
  const multi = new MultiBar({
    stream,
    format,
    hideCursor: true,
    linewrap: false,
    forceRedraw: true, // A line printed above moves the bars, changed or not.
    gracefulExit: false, // Interrupts are the commands' business.
    fps: 10,
  });
  let shown = false;
  return {
    start: (title, total, from = 0, unit = 'samples') => {
      const payload: Payload = { title, pace: new Pace(total, from, unit), note: '' };
      const bar = multi.create(total, from, payload);
      shown = true;
      return {
        update: (done) => {
          payload.pace.done = done;
          bar.update(done);
        },
        note: (note) => bar.update({ note }),
        done: (text) => {
          multi.log(`${colors.green('✓')} ${finished(title, payload.pace, text)}\n`);
          multi.remove(bar);
        },
      };
    },
    say: (line) => {
      multi.log(`${line}\n`);
      multi.update();
      shown = true;
    },
    close: () => {
      if (!shown) return;
      shown = false;
      multi.update();
      multi.stop();
    },
  };
}

function lines(stream: NodeJS.WritableStream): Progress {
  const say = (line: string) => void stream.write(`${line}\n`);
  return {
    start: (title, total, from = 0, unit = 'samples') => {
      const pace = new Pace(total, from, unit);
      return {
        update: (done) => {
          pace.done = done;
        },
        note: (text) => say(`${title}: ${text}, ${String(pace).trim()}`),
        done: (text) => say(`${title}: ${text}, ${duration(pace.seconds)}`),
      };
    },
    say,
    close: () => {},
  };
}

function finished(title: string, pace: Pace, text: string): string {
  return `${title.padEnd(TITLE)} ${text}, ${duration(pace.seconds)}`;
}

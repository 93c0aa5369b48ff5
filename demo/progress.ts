import { byId, count } from './dom.ts';
import { Rate } from './rate.ts';

/** What is going on, how far it is and how fast it goes. */
export class Progress {
  #shares = new Map<string, number>();
  #jobs = 1;
  #rate = new Rate();
  #detail = '';

  /** `unit`: what is counted; `onSpeed` is told how many of them go by. */
  constructor(
    private readonly unit: string,
    private readonly onSpeed: (speed: string) => void = () => {},
  ) {}

  /** Something new begins, made of this many jobs that each report their progress. */
  begin(title: string, jobs: number): void {
    this.#shares.clear();
    this.#rate.reset();
    this.#jobs = jobs;
    this.#detail = '';
    byId('status').textContent = title;
  }

  report(job: string, done: number, total: number): void {
    this.#shares.set(job, done / total);
    this.#rate.add(job, done, performance.now());
  }

  /** It is over, or pauses; `detail` takes the place of the speed. */
  end(title: string, detail = ''): void {
    byId('status').textContent = title;
    this.#detail = detail;
    this.#rate.reset();
  }

  draw(): void {
    const done = [...this.#shares.values()].reduce((sum, share) => sum + share, 0);
    byId<HTMLProgressElement>('progress').value = done / this.#jobs;
    const { perSecond } = this.#rate;
    const speed = perSecond && `${count(Number(perSecond.toPrecision(3)))} ${this.unit} a second`;
    byId('speed').textContent = speed || this.#detail || '\u00a0';
    if (speed) this.onSpeed(speed);
  }
}

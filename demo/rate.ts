/** Samples a second over the last few seconds, from how many each job has done. */
export class Rate {
  #done = new Map<string, number>();
  #seen: { at: number; samples: number }[] = [];
  #samples = 0;

  reset(): void {
    this.#done.clear();
    this.#seen = [];
    this.#samples = 0;
  }

  /** `at` in milliseconds; `samples` of the job so far. Where a job is first met is where counting starts. */
  add(job: string, samples: number, at: number): void {
    this.#samples += Math.max(0, samples - (this.#done.get(job) ?? samples));
    this.#done.set(job, samples);
    this.#seen.push({ at, samples: this.#samples });
    while (this.#seen.length > 2 && at - this.#seen[0]!.at > WINDOW_MS) this.#seen.shift();
  }

  /** Undefined until there is something to measure. */
  get perSecond(): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last || last.at - first.at < 300) return undefined;
    return (1000 * (last.samples - first.samples)) / (last.at - first.at);
  }
}

const WINDOW_MS = 3000;

import type { RunOptions } from './backend.js';

/**
 * Tells a caller's function of progress. What it throws, or its promise rejects with, stops the run; end() throws it once
 * that has stopped, so that it reaches the caller and nobody else: from a timer it would end the process.
 */
export class Watch {
  #failure: { error: unknown } | undefined;
  readonly #open = new Set<Promise<void>>();

  constructor(
    private readonly onStep: RunOptions['onStep'],
    private readonly stop: () => void,
  ) {}

  tell(step: number): void {
    if (this.#failure) return;
    try {
      const answer: unknown = this.onStep?.(step);
      if (answer !== undefined) this.#await(answer);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Waits for what the function still does, and throws what it failed with. */
  async end(): Promise<void> {
    await Promise.all(this.#open);
    if (this.#failure) throw this.#failure.error;
  }

  #await(answer: unknown): void {
    const settled: Promise<void> = Promise.resolve(answer)
      .then(
        () => {},
        (error) => this.#fail(error),
      )
      .finally(() => this.#open.delete(settled));
    this.#open.add(settled);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.stop();
  }
}

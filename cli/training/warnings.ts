import type { Progress } from '../terminal/progress.ts';

/** What a run has to say of results that nobody wants: told at once, and once more in its report. */
export class Warnings {
  readonly sentences: string[] = [];

  constructor(private readonly progress: Progress) {}

  /** Nothing, where there is no sentence. */
  tell(sentence: string | undefined): void {
    if (sentence === undefined) return;
    this.progress.say(`warning: ${sentence}`);
    this.sentences.push(sentence);
  }
}

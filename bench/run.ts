import type { Document } from './document.ts';
import type { Effort } from './measure.ts';
import type { Yardsticks } from './yardsticks.ts';

/** What the families of rows share: where rows go, how long to measure, which are wanted, what rates are measured by. */
export interface Run {
  document: Document;
  effort: Effort;
  yardsticks: Yardsticks;
  /** Whether the row is wanted: all are, unless a part was asked for. */
  wants(id: string): boolean;
}

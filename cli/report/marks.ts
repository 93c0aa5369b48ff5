import { percent } from '../format/numbers.ts';
import type { ModelReport } from './report.ts';

/** What is wrong with a network, in words that stand behind its name; '' where nothing is. */
export function marksOf({ collapsed, silent }: Pick<ModelReport, 'collapsed' | 'silent'>): string {
  return [
    ...(collapsed ? ['collapsed'] : []),
    ...(silent ? [`layer ${silent.layer} ${percent(silent.share)} silent`] : []),
  ].join(', ');
}

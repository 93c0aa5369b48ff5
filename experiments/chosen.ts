import { closest } from 'fastest-levenshtein';
import { UsageError } from '../cli/terminal/usage.ts';
import type { Experiment } from './experiment.ts';
import type { Paper, Scaled } from './paper.ts';

/** Some experiments of a paper, of one size. */
export interface Chosen extends Scaled {
  paper: Paper;
}

/** All experiments of all papers, at one scale. */
export function allOf(papers: readonly Paper[], quick: boolean): Chosen[] {
  return papers.map((paper) => ({ paper, ...(quick ? paper.quick : paper.full) }));
}

/**
 * Those of these names, experiments' or papers', by paper.
 * @throws UsageError for an unknown name, with the one that is nearest to it.
 */
export function choose(all: readonly Chosen[], names: readonly string[]): Chosen[] {
  const known = all.flatMap(({ paper, experiments }) => [paper.name, ...experiments.map(nameOf)]);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `there is no experiment ${JSON.stringify(unknown)}, but there is ${closest(unknown, known)}`,
    );
  return all
    .map((chosen) => ({ ...chosen, experiments: named(chosen, names) }))
    .filter(({ experiments }) => experiments.length > 0);
}

/** In the order of the names. */
function named({ paper, experiments }: Chosen, names: readonly string[]): Experiment[] {
  const chosen = names.flatMap((name) =>
    name === paper.name ? experiments : experiments.filter((experiment) => nameOf(experiment) === name),
  );
  return [...new Set(chosen)];
}

function nameOf({ name }: Experiment): string {
  return name;
}

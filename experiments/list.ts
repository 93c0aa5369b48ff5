import { json } from '../cli/format/json.ts';
import { facts } from '../cli/terminal/table.ts';
import type { Chosen } from './chosen.ts';
import { dataSet } from './data-sets.ts';
import { estimate } from './estimate.ts';

interface Listed {
  name: string;
  shows: string;
  minutes: number;
  paper: string;
}

/** The papers' experiments, what each shows, and how long it takes: for a terminal, or as JSON. */
export async function list(papers: readonly Chosen[], asJson: boolean): Promise<string> {
  const listed = await Promise.all(papers.map(listedOf));
  if (asJson) return json(listed.flat());
  // All rows at once, so that all papers' columns are equally wide.
  const lines = facts(
    listed.flat().map(({ name, shows, minutes }) => [name, `${about(minutes).padStart(8)}  ${shows}`]),
  ).split('\n');
  const sections = papers.map(({ paper }, i) =>
    [`${paper.name}: ${paper.title}`, ...lines.splice(0, listed[i]!.length)].join('\n'),
  );
  return `${sections.join('\n\n')}\n\nThe times are those of two cores where no model is found trained.\n`;
}

function listedOf({ paper, experiments, limit }: Chosen): Promise<Listed[]> {
  return Promise.all(
    experiments.map(async (experiment) => {
      const { name, shows } = experiment;
      const images = limit ?? dataSet(experiment.data).images;
      const minutes = Math.ceil((await estimate(experiment, images)) / 60);
      return { name, shows, minutes, paper: paper.name };
    }),
  );
}

function about(minutes: number): string {
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

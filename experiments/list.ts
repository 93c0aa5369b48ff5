import { json } from '../cli/format/json.ts';
import { facts } from '../cli/terminal/table.ts';
import { estimate } from './estimate.ts';
import type { Scaled } from './paper.ts';

/** What MNIST has. */
const IMAGES = 60_000;

/** The experiments, what each shows, and how long it takes: for a terminal, or as JSON. */
export async function list({ experiments, limit = IMAGES }: Scaled, asJson: boolean): Promise<string> {
  const listed = await Promise.all(
    experiments.map(async (experiment) => {
      const { name, shows } = experiment;
      return { name, shows, minutes: Math.ceil((await estimate(experiment, limit)) / 60) };
    }),
  );
  if (asJson) return json(listed);
  const lines = facts(
    listed.map(({ name, shows, minutes }) => [name, `${about(minutes).padStart(8)}  ${shows}`]),
  );
  return `${lines}\n\nThe times are those of two cores where no model is found trained.\n`;
}

function about(minutes: number): string {
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

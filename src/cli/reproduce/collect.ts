import { join } from 'node:path';
import { DistillError } from 'wasm-distill';
import { prepareFolder, readIfThere, writeAtomic } from '../run-files.js';
import { resultMarkdown } from './document.js';
import type { Result } from './result.js';
import { json, writePlot } from './run.js';

const INTRODUCTION = `# Results

The tables of Hinton, Vinyals and Dean 2015 ([arXiv 1503.02531](https://arxiv.org/abs/1503.02531)) and what belongs to them, each by one command. Every
number of ours comes from a run of this code, and as training is deterministic, the same command gives the same weights,
bit for bit: compare the hashes. The last epoch counts, not the best; "ours" is the mean over the seeds, "deviation" their
sample standard deviation. The same rows lie in [results.json](results.json).

Recipes are tuned on 50,000 training images with errors counted on the other 10,000 (\`--split\`), never on the test
images: tuning.md beside the full results lists what was tried. Full teachers have two cycles of learning rates, but only the
first where many students of several kinds are compared (mnist-temperature, mnist-unlabeled, fusion-vs-two-term, logits,
features).
`;

/** Joins the results of all experiments that were run into FOLDER/results.json, results.md and the plots; answers the names that are missing. */
export async function collect(from: string, folder: string, names: readonly string[]): Promise<string[]> {
  const results: Result[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const result = await readResult(join(from, `${name}.json`));
    if (result) results.push(result);
    else missing.push(name);
  }
  await prepareFolder(join(folder, 'results'));
  for (const result of results) await writePlot(join(folder, 'results'), result);
  const tables = results.map((result) => resultMarkdown(result, 'results'));
  await writeAtomic(join(folder, 'results.md'), [INTRODUCTION, ...tables].join('\n'));
  await writeAtomic(join(folder, 'results.json'), json(results));
  return missing;
}

async function readResult(file: string): Promise<Result | undefined> {
  const bytes = await readIfThere(file);
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Result;
  } catch (cause) {
    throw new DistillError('bad-file', `${file} is no JSON: run its experiment again`, { cause });
  }
}

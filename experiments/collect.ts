import { join } from 'node:path';
import { DistillError } from 'wasm-distill';
import { prepareFolder, readIfThere, writeAtomic } from '../cli/files/run-files.ts';
import { json } from '../cli/format/json.ts';
import { resultMarkdown } from './document.ts';
import type { Result } from './result.ts';
import { writePlot } from './run.ts';

/**
 * Joins the results of all experiments that were run into FOLDER/results.json, results.md and the plots, where there are
 * any; answers the names that are missing.
 */
export async function collect(
  from: string,
  folder: string,
  introduction: string,
  names: readonly string[],
): Promise<string[]> {
  const results: Result[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const result = await readResult(join(from, `${name}.json`));
    if (result) results.push(result);
    else missing.push(name);
  }
  if (results.length === 0) return missing;
  await prepareFolder(join(folder, 'results'));
  for (const result of results) await writePlot(join(folder, 'results'), result);
  const tables = results.map((result) => resultMarkdown(result, 'results'));
  await writeAtomic(join(folder, 'results.md'), [introduction, ...tables].join('\n'));
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

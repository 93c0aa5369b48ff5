import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultMarkdown } from '../../experiments/document.ts';
import { PAPERS } from '../../experiments/papers.ts';
import { collectedFolder } from '../../experiments/places.ts';
import type { Result } from '../../experiments/result.ts';

describe.each(PAPERS.map((paper) => [paper.name, paper] as const))('the results of %s', (_, paper) => {
  it.each([false, true])('are the same as a document and as JSON; quick: %s', async (quick) => {
    const folder = collectedFolder(true, paper, { quick, split: false });
    const results = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Result[];
    expect(results).not.toEqual([]);
    const tables = results.map((result) => resultMarkdown(result, 'results'));
    const document = await readFile(join(folder, 'results.md'), 'utf8');
    expect(document).toBe([paper.introduction, ...tables].join('\n'));
  });
});

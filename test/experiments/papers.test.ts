import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultMarkdown } from '../../experiments/document.ts';
import { PAPERS } from '../../experiments/papers.ts';
import { collectedFolder } from '../../experiments/places.ts';
import type { Result } from '../../experiments/result.ts';

const SIZES = [false, true];
const KEPT = PAPERS.flatMap((paper) =>
  SIZES.map(
    (quick) => [paper.name, quick, collectedFolder(true, paper, { quick, split: false }), paper] as const,
  ),
).filter(
  ([, , folder]) => existsSync(join(folder, 'results.json')) || existsSync(join(folder, 'results.md')),
);

it('Hinton and the survey have results at both sizes', () => {
  const both = ['hinton-2015', 'survey'].flatMap((name) => SIZES.map((quick) => [name, quick]));
  expect(KEPT.map(([name, quick]) => [name, quick])).toEqual(expect.arrayContaining(both));
});

describe('results that are kept', () => {
  it.each(KEPT)('of %s are the same as a document and as JSON; quick: %s', async (_, __, folder, paper) => {
    const results = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Result[];
    expect(results).not.toEqual([]);
    const tables = results.map((result) => resultMarkdown(result, 'results'));
    const document = await readFile(join(folder, 'results.md'), 'utf8');
    expect(document).toBe([paper.introduction, ...tables].join('\n'));
  });
});

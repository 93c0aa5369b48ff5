import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../experiments/collect.ts';
import { resultMarkdown } from '../../experiments/document.ts';
import type { Result } from '../../experiments/result.ts';
import { writeResult } from '../../experiments/run.ts';
import { reproduce, setting } from './setting.ts';

describe('what a result says', () => {
  it('is plain about what is worse than in the paper', async () => {
    const result = await reproduce('mnist-soft', 'words');
    const full = { ...result, config: { ...result.config, scale: 'full' } };
    full.rows = [
      { ...full.rows[0]!, ours: 80.5 },
      { ...full.rows[1]!, ours: 140 },
    ];
    const text = resultMarkdown(full, '.');
    expect(text).toContain('student, soft targets: **worse** than the paper by 6.50 errors');
    expect(text).toContain('student, hard labels: better than the paper by 6 errors');
  });

  it('has no column for numbers that the paper has not', async () => {
    const result: Result = { ...(await reproduce('mnist-soft', 'words')), withoutNumbers: true };
    const text = resultMarkdown(result, '.');
    expect(text).toContain('| what | ours | deviation | seeds | unit |');
    expect(text).not.toContain('paper');
    expect(text).toContain('A run at the scale "tiny".');
  });

  it('is joined into one document, which names what is missing', async () => {
    const out = join(setting.folder, 'joined');
    const result = await reproduce('mnist-unlabeled', 'joined');
    await writeResult(out, result);
    const docs = join(setting.folder, 'docs');
    expect(await collect(out, docs, '# Ours\n', ['mnist-unlabeled', 'mnist-soft'])).toEqual(['mnist-soft']);
    expect(JSON.parse(await readFile(join(docs, 'results.json'), 'utf8'))).toEqual([result]);
    const document = await readFile(join(docs, 'results.md'), 'utf8');
    expect(document).toMatch(/^# Ours\n\n## mnist-unlabeled\n/);
    expect(document).toContain('(results/mnist-unlabeled.svg)');
    expect(await readFile(join(docs, 'results/mnist-unlabeled.svg'), 'utf8')).toMatch(/^<svg/);
  });
});

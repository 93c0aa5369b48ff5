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

  it('doesn’t call it worse where numbers beside it are of another setting', async () => {
    const result = await reproduce('mnist-soft', 'words');
    const full = { ...result, beside: 'PyTorch', config: { ...result.config, scale: 'full' } };
    const text = resultMarkdown(full, '.');
    expect(text).toContain('| what | PyTorch | ours |');
    expect(text).not.toMatch(/(worse|better).* than (PyTorch|the paper)/);
  });

  it('marks what collapsed or has a silent layer', async () => {
    const result = await reproduce('mnist-soft', 'words');
    const silent = { layer: '1', share: 0.9, epoch: 1 };
    const trainingSeconds = [1, 2, 3];
    const row = {
      ...result.rows[0]!,
      trainingSeconds,
      seeds: [1, 2, 3],
      each: [80, 900, 82],
      weightsSha256: ['a', 'b', 'c'],
    };
    const rows = [
      { ...row, marks: { 1: { collapsed: true as const, silent } } },
      { ...row, what: 'one', seeds: [7], marks: { 0: { collapsed: true as const } } },
    ];
    const text = resultMarkdown({ ...result, rows }, '.');
    expect(text).toContain(`| ${row.what} (1 of 3 collapsed, 1 of 3 with a silent layer) |`);
    expect(text).toContain('| one (collapsed) |');
    expect(text).toContain(`| ${row.what} | 2 (collapsed, layer 1 90% silent) | 900 |`);
    expect(text).toContain(`| ${row.what} | 3 | 82 |`);
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

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeModel } from 'wasm-distill';
import { read } from '../../../cli/files/run-files.ts';
import type { Report } from '../../../cli/report/report.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { GPU_TEST_MS, gpuEngine } from '../../support/webgpu.ts';

/** Rows of four numbers in three classes, which two of the numbers and a third's sign tell apart. */
function table(rows: number, seed: number): string {
  let state = seed;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return (2 * (state % 20_001)) / 20_000 - 1;
  };
  const lines = Array.from({ length: rows }, () => {
    const [a, b, c, d] = [random(), random(), random(), random()];
    const label = a * a + b * b > 0.6 ? 'out' : c > 0 ? 'up' : 'down';
    return [a, b, c, d, label].join();
  });
  return ['a,b,c,d,label', ...lines].join('\n');
}

it(
  'distill computes on a GPU what it computes in wasm, but for last bits',
  async () => {
    // It also tells processes where SwiftShader is.
    await (await gpuEngine()).close();
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'train.csv'), table(400, 1));
    await writeFile(join(folder, 'test.csv'), table(300, 2));
    const reports: Report[] = [];
    for (const backend of ['wasm', 'webgpu']) {
      const { code, stdout, stderr } = await cli(
        ...['distill', '--data', join(folder, 'train.csv'), '--test', join(folder, 'test.csv')],
        ...['--teachers', '1', '--teacher', '8', '--student', '6', '--batch', '20', '--temperature', '2'],
        ...['--teacher-epochs', '10', '--epochs', '10', '--threads', '1', '--json'],
        ...['--backend', backend, '--out', join(folder, backend)],
      );
      expect([code, stderr.includes('wasm-distill:')], stderr).toEqual([0, false]);
      reports.push(JSON.parse(stdout) as Report);
    }
    const [wasm, gpu] = reports.map(({ teachers, student: { hard, distilled } }) =>
      [...teachers, hard, distilled].map(({ testErrors }) => testErrors),
    );
    // Of 300 rows; the most frequent class leaves some 140 errors.
    for (const errors of wasm!) expect(errors).toBeLessThan(120);
    gpu!.forEach((errors, i) => {
      expect(Math.abs(errors - wasm![i]!), `${gpu} and ${wasm} errors`).toBeLessThanOrEqual(3);
    });
    expect(reports.map(({ environment: { backend, adapter } }) => [backend, adapter])).toEqual([
      ['wasm', undefined],
      ['webgpu', expect.stringContaining('SwiftShader')],
    ]);
    const [a, b] = reports.map(({ student }) => student.distilled.weightsSha256);
    expect(a).not.toBe(b);
    const file = join(folder, 'webgpu', 'student.safetensors');
    expect(decodeModel(await read(file), file).metadata.backends).toBe('webgpu');
  },
  GPU_TEST_MS,
);

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Artifacts, memoryArtifacts, type Part } from 'wasm-distill/jobs';
import { FOLDERS, keyedArtifacts } from '../../cli/files/artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';

async function inFolder(): Promise<Artifacts> {
  const folder = await temporaryFolder();
  for (const name of Object.values(FOLDERS)) await mkdir(join(folder, name), { recursive: true });
  return keyedArtifacts(folder);
}

describe.each([
  ['in memory', async () => memoryArtifacts()],
  ['in a folder', inFolder],
] as const)('artifacts %s', (_, make) => {
  it('keep each part of each key for itself', async () => {
    const artifacts = await make();
    const parts: Part[] = ['model', 'checkpoint', 'outputs', 'result'];
    const all = ['a', 'b'].flatMap((key) => parts.map((part) => ({ key, part })));
    for (const { key, part } of all) expect(await artifacts.read(key, part)).toBeUndefined();
    for (const [i, { key, part }] of all.entries()) await artifacts.write(key, part, Uint8Array.of(i));
    for (const [i, { key, part }] of all.entries())
      expect([...(await artifacts.read(key, part))!]).toEqual([i]);
    await artifacts.write('a', 'model', Uint8Array.of(100, 101));
    await artifacts.remove('a', 'checkpoint');
    await artifacts.remove('never written', 'outputs');
    expect([...(await artifacts.read('a', 'model'))!]).toEqual([100, 101]);
    expect(await artifacts.read('a', 'checkpoint')).toBeUndefined();
    expect([...(await artifacts.read('b', 'checkpoint'))!]).toEqual([5]);
  });
});

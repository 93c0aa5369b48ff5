import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { encodeModel } from 'wasm-distill';
import { load } from 'wasm-distill/infer';
import workerd from 'workerd';
import { temporaryFolder } from '../support/folder.ts';
import { randomModel } from '../support/models.ts';
import { bundle } from './bundle.ts';

const configuration = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "2025-01-01",
    modules = [
      (name = "edge.js", esModule = embed "edge.js"),
      (name = "infer.wasm", wasm = embed "infer.wasm"),
      (name = "student.safetensors", data = embed "student.safetensors"),
    ],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

/** The port that the server says, on a channel of its own, it listens to. */
async function listening(server: ChildProcess): Promise<number> {
  const trouble: string[] = [];
  server.stderr!.on('data', (data) => trouble.push(String(data)));
  for await (const line of server.stdio[3] as Readable) {
    const { event, port } = JSON.parse(String(line)) as { event: string; port: number };
    if (event === 'listen') return port;
  }
  throw new Error(`workerd ended: ${trouble.join('')}`);
}

test('in workerd, which compiles no bytes, with the module that it hands over: the bits of Node', async () => {
  const folder = await temporaryFolder();
  await bundle('edge.ts', folder, ['./infer.wasm', './student.safetensors']);
  const bytes = encodeModel(randomModel([50, 33, 10]));
  await writeFile(join(folder, 'student.safetensors'), bytes);
  await copyFile('dist/infer/infer.wasm', join(folder, 'infer.wasm'));
  await writeFile(join(folder, 'config.capnp'), configuration);
  const server = spawn(workerd, ['serve', join(folder, 'config.capnp'), '--control-fd=3'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  try {
    const port = await listening(server);
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}/${path}`)).json();
    const { label, probabilities } = (await load(bytes)).predict(new Float32Array(50).fill(1));
    expect(await get('module')).toEqual({ label, probabilities: [...probabilities] });
    for (const path of ['bytes', 'nothing']) {
      expect(await get(path)).toEqual({
        code: 'missing',
        message: expect.stringContaining('options.module'),
      });
    }
  } finally {
    server.kill();
  }
});

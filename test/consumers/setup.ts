import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeModel } from 'wasm-distill';
import { randomModel } from '../support/models.ts';
import { convolutional } from '../support/onnx-golden.ts';
import { npm } from './processes.ts';

const here = import.meta.dirname;
const repository = join(here, '../..');
/** What the student in the projects takes. */
const bytes = { values: 'bytes', normalization: { mean: [0], deviation: [255] } } as const;

/** Two projects with the package as npm packs it, outside the repository: nothing is found in its node_modules. */
export interface Projects {
  tarball: string;
  /** Has nothing but the package and what came with it. */
  plain: string;
  /** Has the tools of tools/package.json besides. They stay for the next run: they are 700 MB. */
  tools: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    projects: Projects;
  }
}

/** Vitest's globalSetup. */
export async function setup({ provide }: { provide(key: 'projects', value: Projects): void }): Promise<void> {
  const lock = await readFile(join(here, 'tools/package-lock.json'));
  const name = createHash('sha256').update(repository).update(lock).digest('hex').slice(0, 16);
  const root = join(tmpdir(), `wasm-distill-consumers-${name}`);
  const plain = join(root, 'plain');
  const tools = join(root, 'tools');

  await rm(plain, { recursive: true, force: true });
  await mkdir(plain, { recursive: true });
  const tarball = await pack(plain);
  await writeFile(join(plain, 'package.json'), '{ "type": "module" }');
  await npm(plain, 'install', '--prefer-offline', tarball);
  await copyApps(plain, ['node', 'page', 'elsewhere', 'types', 'onnx-page']);

  await installTools(tools);
  for (const name of ['wasm-distill', '@assemblyscript/loader']) {
    await replace(join(plain, 'node_modules', name), join(tools, 'node_modules', name));
  }
  // Vite keeps what it made of the package before, until a lock file changes.
  await rm(join(tools, 'node_modules/.vite'), { recursive: true, force: true });
  await copyApps(tools, ['vite', 'webpack', 'next', 'bundle', 'onnx-vite']);
  provide('projects', { tarball, plain, tools });
}

async function pack(folder: string): Promise<string> {
  const output = await npm(repository, 'pack', '--json', '--pack-destination', folder);
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return join(folder, filename);
}

async function installTools(project: string): Promise<void> {
  const complete = join(project, 'node_modules/.complete');
  if (await readFile(complete).catch(() => undefined)) return;
  await mkdir(project, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    await cp(join(here, 'tools', file), join(project, file));
  // None of the tools needs its install script.
  await npm(project, 'ci', '--ignore-scripts', '--prefer-offline');
  await writeFile(complete, 'all of it');
}

async function copyApps(project: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const app = join(project, name);
    await replace(join(here, 'apps', name), app);
    for (const file of ['show.js', 'work.js', 'entries.js', 'ask.js'])
      await cp(join(here, 'apps', file), join(app, file));
    await mkdir(join(app, 'public'));
    await writeFile(join(app, 'public/student.safetensors'), encodeModel(randomModel([16, 5, 3], 1, bytes)));
    await writeFile(join(app, 'public/teacher.onnx'), convolutional());
  }
}

async function replace(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}

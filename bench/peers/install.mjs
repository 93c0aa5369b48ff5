// Installs the JavaScript peers beside this file, once for each state of the lock file: node install.mjs
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const stamp = new URL('./node_modules/.installed-lock', import.meta.url);

/** Undefined when the peers are installed, otherwise the reason why not: a benchmark goes on without them. */
export function installPeers() {
  const lock = readFileSync(new URL('./package-lock.json', import.meta.url), 'utf8');
  if (read(stamp) === lock) return undefined;
  // None of the packages needs its install script, and a peer that downloads something by one isn't wanted.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Within `npm run` this is npm itself, and there Node starts it on every system.
  const npm = process.env.npm_execpath;
  // What npm prints goes to standard error: standard output may be the benchmark's document.
  const options = { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' };
  const { status, error, stderr, stdout } = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  if (status !== 0) return `npm ci in bench/peers failed: ${error?.message ?? stderr.trim().split('\n')[0]}`;
  writeFileSync(stamp, lock);
  return undefined;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const why = installPeers();
  if (why) {
    console.error(why);
    process.exitCode = 1;
  }
}

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: undefined };

/** What a program writes to standard output. It must end by itself, before the test's time is over. */
export function run(folder: string, program: string, ...args: string[]): Promise<string> {
  return execute(folder, program, args, 100_000);
}

/** npm, by Node from its script within `npm run`, which says where that lies, else by its name. */
export function npm(folder: string, ...args: string[]): Promise<string> {
  const words = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  const script = process.env.npm_execpath;
  return script
    ? execute(folder, process.execPath, [script, ...words], 600_000)
    : execute(folder, 'npm', words, 600_000);
}

async function execute(folder: string, program: string, args: string[], timeout: number): Promise<string> {
  const options = { cwd: folder, env: environment, timeout, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(program, args, options);
  return stdout;
}

/** A server started as a process of its own, at the address that it prints. */
export interface Server {
  url: string;
  close(): Promise<void>;
}

export async function startServer(folder: string, program: string, ...args: string[]): Promise<Server> {
  // A group of its own, as some servers start processes of theirs.
  const server = spawn(program, args, { cwd: folder, env: environment, detached: true });
  const close = async () => {
    const over = server.exitCode !== null || server.signalCode !== null;
    if (over || server.pid === undefined) return;
    process.kill(-server.pid);
    await once(server, 'exit');
  };
  try {
    return { url: await printedAddress(server), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function printedAddress(server: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${server.spawnfile} ${why}: ${output}`));
    const timer = setTimeout(fail, 60_000, 'printed no address in a minute');
    const read = (text: Buffer) => {
      output += text;
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
      if (!address) return;
      clearTimeout(timer);
      resolve(`${address}/`);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.on('error', reject);
    server.on('exit', (code) => fail(`ended with code ${code}`));
  });
}

// What every JavaScript peer shares: the line protocol of README.md.
import { createInterface } from 'node:readline';
import { reset, timed } from './clock.mjs';
import { readWork } from './work.mjs';

/**
 * Answers requests until told to exit. `start` gives { version, detail, open }, or throws where the peer can't run;
 * `open(work)` gives { run(n), reset(), losses(steps) } for training or { run(n), outputs() } for inference. Any of
 * them may be asynchronous; `run` returns when its results are there.
 */
export async function serve(name, start) {
  let peer;
  try {
    peer = await start();
  } catch (error) {
    const [why] = error.message.split('\n');
    const missing = /MODULE_NOT_FOUND/.test(error.code);
    say({ absent: missing ? `not installed: ${why} (npm run bench:peers installs the peers)` : why });
    process.exit(0);
  }
  say({ ready: true, name, version: peer.version, detail: peer.detail });
  const session = { open: peer.open, subject: undefined, kind: undefined, steps: 0 };
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    try {
      const request = JSON.parse(line);
      if (request.cmd === 'exit') break;
      say(await answer(session, request));
    } catch (error) {
      say({ error: String(error?.stack ?? error) });
    }
  }
  process.exit(0);
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function answer(session, { cmd, dir, steps, n }) {
  if (cmd === 'load') {
    await session.subject?.close?.();
    session.subject = undefined;
    const work = await readWork(dir);
    session.subject = await session.open(work);
    session.kind = work.config.kind;
    session.steps = 0;
    return { ok: true };
  }
  if (!session.subject) throw new Error(`"${cmd}" needs a work to be loaded first`);
  if (cmd === 'losses' && session.kind === 'train') {
    await reset(session);
    const losses = await session.subject.losses(steps ?? 5);
    await reset(session);
    return { losses };
  }
  if (cmd === 'outputs' && session.kind === 'infer') {
    return { outputs: Array.from(await session.subject.outputs()) };
  }
  if (cmd === 'run') return timed(session, n);
  throw new Error(`"${cmd}" isn't known for a work that is to ${session.kind}`);
}

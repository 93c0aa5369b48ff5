// What every JavaScript peer shares: the line protocol of README.md, the clock, and going back to the first weights.
import { createInterface } from 'node:readline';
import { readWork, stepsBeforeReset } from './work.mjs';

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
    const missing =
      /MODULE_NOT_FOUND/.test(error.code) && ' (to install the peers: node bench/peers/install.mjs)';
    say({ absent: `${error.message.split('\n')[0]}${missing || ''}` });
    return;
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
  if (cmd === 'run') return { ms: await timed(session, n) };
  throw new Error(`"${cmd}" isn't known for a work that is to ${session.kind}`);
}

async function reset(session) {
  await session.subject.reset();
  session.steps = 0;
}

/** Milliseconds of n steps or inferences; a training that has gone on for long starts again off the clock. */
async function timed(session, n) {
  let ms = 0;
  for (let left = n; left > 0; ) {
    let count = left;
    if (session.kind === 'train') {
      if (session.steps >= stepsBeforeReset) await reset(session);
      count = Math.min(left, stepsBeforeReset - session.steps);
    }
    const start = performance.now();
    await session.subject.run(count);
    ms += performance.now() - start;
    session.steps += count;
    left -= count;
  }
  return ms;
}

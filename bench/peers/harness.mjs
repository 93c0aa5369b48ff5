// Starts peers as processes of their own and speaks with them (README.md), so that one run can take turns with us.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as operator from './operator.mjs';
import { disagreement, lossDisagreement, referenceLosses, referenceOutputs, tolerance } from './work.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
/** Python of the system, where Debian's packages are; a Python of one's own by WASM_DISTILL_PYTHON. */
const python = process.env.WASM_DISTILL_PYTHON ?? '/usr/bin/python3';
const absentPython = `there is no ${python}; to have it: apt-get install python3-torch libopenblas0-pthread`;
const javascript = (name, ...args) => ({
  command: process.execPath,
  args: [here(`./peer-${name}.mjs`), ...args],
  env: {},
});
const torch = (variant, env) => ({ command: python, args: [here('./peer-torch.py'), variant], env });

const convolutions = Object.keys(operator.convolutions).map((name) => `conv-${name}`);
const depthwises = Object.keys(operator.depthwises).map((name) => `depthwise-${name}`);

/** Those that peer-torch.py has. */
const objectives = ['kd', 'kd-bare', 'attention', 'relational', 'gradient'].map(
  (name) => `objective-${name}`,
);

/** The peers, and the works that each does. */
export const peers = [
  {
    name: 'tfjs-wasm-best',
    works: ['A', 'B', 'C', 'infer-1', 'infer-128', 'infer-squeezenet-1', ...convolutions, ...depthwises],
    launch: javascript('tfjs-wasm-best'),
  },
  { name: 'tfjs-wasm-api', works: ['A', 'B', 'C'], launch: javascript('tfjs-wasm-api') },
  { name: 'jax-js', works: ['A', 'B', 'C', 'vgg-10'], launch: javascript('jax-js') },
  {
    name: 'ort-web',
    works: [
      ...['infer-1', 'infer-int8-1', 'infer-128', 'infer-squeezenet-1', 'infer-resnet8-1'],
      ...convolutions,
    ],
    launch: javascript('ort-web'),
  },
  // On a GPU, which bench/gpu.ts shares with them.
  {
    name: 'jax-js-webgpu',
    works: ['A-1024', 'A-dry', 'vgg-256', 'vgg-dry'],
    launch: javascript('jax-js', 'webgpu'),
  },
  { name: 'tfjs-webgpu', works: ['A-1024', 'A-dry'], launch: javascript('tfjs-webgpu') },
  { name: 'torch-avx512', works: ['A', 'B', 'C', 'infer-1', 'infer-128'], launch: torch('avx512', {}) },
  {
    name: 'torch-avx2',
    works: ['A', 'B', 'C', 'infer-1', 'infer-128'],
    launch: torch('avx2', { OPENBLAS_CORETYPE: 'Haswell', ATEN_CPU_CAPABILITY: 'avx2' }),
  },
  {
    name: 'torch',
    works: ['vgg', 'vgg-10', ...objectives],
    launch: torch('best', { OPENBLAS_CORETYPE: blasCore() }),
  },
  // In float64: the answers to works on objectives are its (reference.mjs). Not for the clock.
  { name: 'torch-double', works: objectives, launch: torch('double', {}) },
];

/**
 * OpenBLAS's kernels by name: left to itself it falls back to slow ones on CPUs that it doesn't know. (PyTorch's
 * convolutions are oneDNN's, which chooses well; products are OpenBLAS's.)
 */
function blasCore() {
  const flags = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  if (/\bavx512f\b/.test(flags)) return 'SkylakeX';
  return /AuthenticAMD/.test(flags) ? 'Zen' : 'Haswell';
}

/** How long a peer may take to start or to answer. */
const patience = 120_000;

/**
 * Starts the named peer: { name, version, detail, load(dir), losses(steps), outputs(), run(n), close() }, or
 * { name, absent } with the reason.
 */
export async function startPeer(name, { env = {} } = {}) {
  const peer = peers.find((candidate) => candidate.name === name);
  if (!peer) throw new Error(`no peer is called ${name}; there are ${peers.map((p) => p.name).join(', ')}`);
  const { command, args, env: own } = peer.launch;
  if (command !== process.execPath && !existsSync(command)) return { name, absent: absentPython };
  const line = speak(name, command, args, { ...environment(), ...own, ...env });
  let hello;
  try {
    hello = await line.next();
  } catch (error) {
    await line.close();
    return { name, absent: error.message };
  }
  if (!hello.ready) {
    await line.close();
    return { name, absent: hello.absent ?? 'did not say that it is ready' };
  }
  return {
    name,
    version: hello.version,
    detail: hello.detail,
    load: async (dir) => void (await line.ask({ cmd: 'load', dir })),
    losses: async (steps = 5) => (await line.ask({ cmd: 'losses', steps })).losses,
    outputs: async () => (await line.ask({ cmd: 'outputs' })).outputs,
    run: (n) => line.ask({ cmd: 'run', n }),
    close: () => line.close(),
  };
}

/** Ours, less what would choose a BLAS kernel or a number of threads for a peer. */
function environment() {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ATEN_CPU_CAPABILITY, NODE_OPTIONS, ...rest } = process.env;
  return { ...rest, ...oneThread };
}

/** Runs a process that is asked and answers line by line. */
function speak(name, command, args, env) {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const answers = [];
  const waiting = [];
  let trouble = '';
  let ended;
  const over = new Promise((resolve) => {
    const end = (why) => {
      ended ??= new Error(`${name}: ${why}${trouble && `\n${trouble.trim()}`}`);
      for (const { reject } of waiting.splice(0)) reject(ended);
      resolve();
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => end(`ended (${signal ?? code})`));
  });
  child.stdin.on('error', () => {}); // it has ended, which is said above
  child.stderr.on('data', (data) => {
    trouble = (trouble + data).slice(-2000);
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    // Libraries may greet on standard output; what isn't JSON isn't for us.
    if (!text.startsWith('{')) return;
    const waiter = waiting.shift();
    if (waiter) waiter.resolve(text);
    else answers.push(text);
  });

  async function next() {
    if (answers.length > 0) return JSON.parse(answers.shift());
    if (ended) throw ended;
    let timer;
    const text = await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${name}: no answer in ${patience / 1000} s`)), patience);
      waiting.push({ resolve, reject });
    }).finally(() => clearTimeout(timer));
    return JSON.parse(text);
  }
  return {
    next,
    async ask(request) {
      if (ended) throw ended;
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await next();
      if (answer.error) throw new Error(`${name}: ${answer.error}`);
      return answer;
    },
    async close() {
      if (ended) return;
      child.stdin.end(`${JSON.stringify({ cmd: 'exit' })}\n`);
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
      await over;
      clearTimeout(timer);
    },
  };
}

const references = new Map();

/** The right answer for a work, computed once. */
function referenceOf(work) {
  const { name, kind } = work.config;
  if (!references.has(name)) {
    references.set(name, kind === 'train' ? referenceLosses(work) : Array.from(referenceOutputs(work)));
  }
  return references.get(name);
}

/**
 * Asks a peer that has loaded the work for its losses or outputs and compares them with the reference:
 * { agrees, worst, values, reference }.
 */
export async function verify(peer, work) {
  const { kind, weights } = work.config;
  const trains = kind === 'train';
  const reference = referenceOf(work);
  const values = trains ? await peer.losses(reference.length) : await peer.outputs();
  const worst = trains ? lossDisagreement(values, reference) : disagreement(values, reference);
  return { agrees: worst <= tolerance[weights], worst, values, reference };
}

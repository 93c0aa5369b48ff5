// The works that the benchmark times, ours and the peers' alike: how their data is made, written, read, and what the
// right answer is. See README.md for the format.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as mlp from './mlp.mjs';
import * as network from './network.mjs';
import * as objective from './objective.mjs';
import * as operator from './operator.mjs';

/** Kinds of works, by the form of their config: each has configs, arraysOf, fill, losses and outputs. */
const forms = { mlp, network, objective, operator };
const configs = Object.assign({}, ...Object.values(forms).map((form) => form.configs));

export const workNames = Object.keys(configs);

/**
 * After so many steps on its one batch a timed training goes back to the first weights, off the clock. Otherwise it
 * converges, the velocities of units that died fade into denormal numbers (after some 900 steps), and arithmetic on
 * those is slow on x86: a time would tell how long a peer had run.
 */
export const stepsBeforeReset = 400;

/**
 * How far numbers, ours or a peer's, may be from the reference's (see {@link disagreement}), by the work's weights: those of
 * 8 bits are rounded to 1/127 of the largest.
 */
export const tolerance = { f32: 1e-3, int8: 2e-2 };

/** Numbers in (0, 1) that are the same everywhere: Lehmer's generator, whose products are exact in a double. */
function lehmer(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Makes the named work: always the same numbers. */
export function makeWork(name) {
  if (!configs[name]) throw new Error(`no work is called ${name}; there are ${workNames.join(', ')}`);
  const work = emptyWork({ name, ...configs[name] });
  forms[work.config.form].fill(work, lehmer(20150309));
  return work;
}

/** Arrays of the right sizes, one after the other in one buffer, which is also what a file holds. */
function emptyWork(config, buffer) {
  const { arraysOf } = forms[config.form];
  let count = 0;
  arraysOf(config, (length) => {
    count += length;
  });
  const all = new Float32Array(buffer ?? new ArrayBuffer(4 * count));
  if (all.length !== count) throw new Error(`work.bin holds ${all.length} numbers instead of ${count}`);
  let at = 0;
  const take = (length) => {
    at += length;
    return all.subarray(at - length, at);
  };
  return { config, arrays: arraysOf(config, take), all };
}

export async function writeWork(dir, work) {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'work.bin'), new Uint8Array(work.all.buffer));
  await writeFile(join(dir, 'work.json'), `${JSON.stringify(work.config, null, 2)}\n`);
}

export async function readWork(dir) {
  const config = JSON.parse(await readFile(join(dir, 'work.json'), 'utf8'));
  const bytes = await readFile(join(dir, 'work.bin'));
  return emptyWork(config, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/**
 * The losses before each of some steps of training, in doubles and with nothing clever; the gradient of all parameters
 * together is scaled down to the norm `clip` where it is longer.
 */
export function referenceLosses(work, steps = 5, clip = Number.POSITIVE_INFINITY) {
  return forms[work.config.form].losses(work, steps, clip);
}

/** What an inference or an operator answers, in doubles. */
export function referenceOutputs(work) {
  return forms[work.config.form].outputs(work);
}

/**
 * How far some values are from the reference, relative to the reference's largest, and for losses also how far what
 * was learned is: at T = 20 the loss is large and mostly constant, so that a wrong update would hide in it.
 */
export function disagreement(values, reference) {
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < reference.length; i++) {
    const distance = Math.abs(values[i] - reference[i]) / largest;
    if (!(distance <= worst)) worst = distance;
  }
  return worst;
}

/** {@link disagreement} of the losses and of their falls since the first step. */
export function lossDisagreement(losses, reference) {
  const fall = (values) => values.slice(1).map((value) => value - values[0]);
  return Math.max(disagreement(losses, reference), disagreement(fall(losses), fall(reference)));
}

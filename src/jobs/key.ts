import type { Identity } from '../backends/backend.js';
import { brandOf, checkNames } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { shardHashes } from '../data/samples-hash.js';
import { checkData, isStream, type ReadControl, type SampleStream } from '../data/stream.js';
import { DistillError } from '../errors.js';
import { sha256 } from '../formats/hash.js';
import { encodeModel, type TrainedModel } from '../nn/model-file.js';
import { type JobSpec, neededBy, type Teacher, type TrainJob, teachersInStep } from './spec.js';

/** What a job's key is the hash of: its own description, the keys of the jobs it needs, and its surroundings. */
export interface Ingredients {
  readonly job: Readonly<Record<string, unknown>>;
  readonly needs: readonly string[];
  /** For a training, also the hash of the compiled step. */
  readonly surroundings: Identity & { readonly plan?: string };
}

/**
 * What a job's key is made of. Titles and names of data sets play no part, and the jobs it needs count only by their
 * keys: training is deterministic, so equal ingredients give equal results.
 */
export async function ingredientsOf(
  spec: JobSpec,
  surroundings: Identity,
  planOf: (job: TrainJob) => Promise<string>,
): Promise<Ingredients> {
  const needs = await Promise.all(
    neededBy(spec).map(async (needed) => keyOf(await ingredientsOf(needed, surroundings, planOf))),
  );
  const plan = spec.kind === 'train' ? { plan: await planOf(spec) } : {};
  return { job: ownWords(spec), needs, surroundings: { ...surroundings, ...plan } };
}

/** SHA-256 of a job and of what it needs, whatever computes it: the same on all backends, where keys differ. */
export async function workOf(spec: JobSpec): Promise<string> {
  const needs = await Promise.all(neededBy(spec).map(workOf));
  return jsonSha256({ job: ownWords(spec), needs });
}

/** SHA-256 of a job's ingredients: the name of its result. */
export function keyOf(ingredients: Ingredients): Promise<string> {
  return jsonSha256(ingredients);
}

function ownWords(spec: JobSpec): Record<string, unknown> {
  if (spec.kind === 'train') {
    const { title: _, data, test, validation, lesson, initial, ...rest } = spec;
    const { teachers: __, ...learning } = { teachers: undefined, ...lesson };
    const inStep = teachersInStep(spec);
    return {
      ...{ ...rest, data: data.sha256, test: test.sha256 },
      lesson: { ...learning, ...(inStep.length > 0 && { teachers: inStep.map(placeOf) }) },
      ...(validation && { validation: validation.sha256 }),
      ...(initial?.kind === 'model' && { initial: initial.sha256 }),
    };
  }
  if (spec.kind === 'outputs')
    return { kind: spec.kind, what: spec.what, data: spec.data.sha256, ...modelsAmong(spec.teachers) };
  return { kind: spec.kind, data: spec.data.sha256 };
}

/** Models that no job trains aren't among the needs. Their places count: means are summed in order. */
function modelsAmong(teachers: readonly Teacher[]): { teachers?: readonly string[] } {
  if (teachers.every(({ kind }) => kind === 'train')) return {};
  return { teachers: teachers.map(placeOf) };
}

function placeOf(one: Teacher): string {
  return one.kind === 'model' ? one.sha256 : 'trained';
}

/** SHA-256 of plain data, regardless of the order of its keys. */
export async function jsonSha256(value: unknown): Promise<string> {
  return sha256([new TextEncoder().encode(asJson(value))]);
}

function asJson(value: unknown): string {
  try {
    return String(JSON.stringify(value, sortedNames));
  } catch (cause) {
    throw new DistillError('bad-argument', `what is hashed must be plain JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function sortedNames(_: string, value: unknown): unknown {
  // A Map would become {}: two different ones would hash alike.
  if (brandOf(value) === 'Map') return { map: [...(value as Map<unknown, unknown>)] };
  if (ArrayBuffer.isView(value)) return { array: Array.from(value as unknown as ArrayLike<number>) };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * SHA-256 of everything in a data set: samples, labels, shape and classes. A stream is read once, shard by shard; its
 * hash is made of the shards' hashes, another one than that of the same samples in memory, as these are learned from in
 * another order.
 *
 * Rejects with 'bad-argument'; of a stream also with 'bad-file', 'aborted', and what its read() rejects with.
 */
export async function dataSha256(data: Dataset | SampleStream, control: ReadControl = {}): Promise<string> {
  checkData(data);
  if (isStream(data)) return streamSha256(data, control);
  const { inputs, labels, classes, classNames } = data;
  const description = JSON.stringify({ shape: inputs.shape, classes, ...(classNames && { classNames }) });
  return sha256([new TextEncoder().encode(description), inputs.values, labels]);
}

async function streamSha256(stream: SampleStream, control: ReadControl): Promise<string> {
  const { shape, values, classes, classNames, labels, shards } = stream;
  const hashes = await shardHashes(stream, control);
  const description = { shape, values, classes, ...(classNames && { classNames }), shards, hashes };
  return sha256([new TextEncoder().encode(JSON.stringify(description)), labels]);
}

/** SHA-256 of everything in a model: network, class names and weights, whatever else is in its file. */
export async function modelSha256(model: TrainedModel): Promise<string> {
  return sha256([encodeModel(model)]);
}

/** How two jobs differ, in human-readable form: "seed: 1 before, 2 now". */
export function differences(before: Ingredients, now: Ingredients): string[] {
  for (const ingredients of [before, now])
    checkNames(ingredients, 'ingredients', ['job', 'needs', 'surroundings']);
  const found = compared(before.job, now.job, '');
  // Another job has another plan: that would say the same again.
  found.push(
    ...compared(before.surroundings, now.surroundings, '').filter(
      (one) => found.length === 0 || !one.startsWith('plan:'),
    ),
  );
  if (before.needs.join() !== now.needs.join() && found.length === 0)
    found.push('what it needs (teachers, soft targets or the model it goes on from) differs');
  return found;
}

function compared(before: object, now: object, path: string): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.flatMap((name) => {
    const [a, b] = [before, now].map((side) => (side as Record<string, unknown>)[name]);
    if (JSON.stringify(a, sortedNames) === JSON.stringify(b, sortedNames)) return [];
    const label = path + name;
    const nested = [a, b].every((side) => typeof side === 'object' && side !== null && !Array.isArray(side));
    if (nested) return compared(a as object, b as object, `${label}.`);
    return [`${label}: ${short(a)} before, ${short(b)} now`];
  });
}

function short(value: unknown): string {
  if (value === undefined) return 'not given';
  const text = JSON.stringify(value);
  return /^"[0-9a-f]{64}"$/.test(text)
    ? `${text.slice(1, 9)}…`
    : text.length > 60
      ? `${text.slice(0, 57)}…`
      : text;
}

import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DistillError } from 'wasm-distill';
import { decodeSafetensors } from 'wasm-distill/formats';
import { onnxKind } from './formats.ts';
import { files, readIfThere, remove } from './run-files.ts';
import { systemError } from './system-errors.ts';
import { kindOf } from './targets.ts';

/** What may happen to the results that are already in a folder. */
export interface Overwriting {
  resume: boolean;
  force: boolean;
}

/** How runs name models, their checkpoints, and what `quantize` and `export` make of them. */
const MODEL =
  /^(teacher-\d+|student|student-hard|student-first|model)((\.checkpoint|\.int8)?\.safetensors|\.onnx)$/;
const UNFINISHED = /\.checkpoint\.safetensors$/;

/**
 * Refuses a folder with results of an earlier run, or with files called like them, unless they are to be replaced or
 * continued.
 * @throws DistillError 'mismatch'
 */
export async function checkFree(folder: string, { resume, force }: Overwriting): Promise<void> {
  if (resume || force) return;
  const { conclusions, models } = await outputsIn(folder);
  const first = [...conclusions, ...models.filter((path) => !UNFINISHED.test(path))][0];
  if (first === undefined) return;
  throw new DistillError(
    'mismatch',
    `${folder} holds results of an earlier run (${basename(first)}): give --force to replace them, --resume if they are of the same run, or another --out`,
  );
}

/**
 * Removes what an earlier run has left, so that its files and those of another run don't lie side by side. Says whether
 * there was anything, and whether that run had come to its end.
 */
export async function dropEarlier(folder: string): Promise<'finished' | 'unfinished' | undefined> {
  const { conclusions, models } = await outputsIn(folder);
  for (const path of conclusions) await remove(path);
  for (const path of models) if (await isOfRun(path)) await remove(path);
  if (conclusions.length + models.length === 0) return undefined;
  return conclusions.length > 0 ? 'finished' : 'unfinished';
}

/** Removes what was made of all models of a run, as some of them will be others. */
export async function dropConclusions(folder: string): Promise<void> {
  for (const path of (await outputsIn(folder)).conclusions) await remove(path);
}

/** Files called as runs call theirs: models and checkpoints, and what is made of them at the end. */
async function outputsIn(folder: string): Promise<{ models: string[]; conclusions: string[] }> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw systemError(folder, 'read', error);
  });
  const outputs = ['soft-targets', 'kept-logits', 'kept-hidden'].map((name) => files.model(folder, name));
  const made = [files.json(folder), files.html(folder), ...outputs];
  return {
    models: names.filter((name) => MODEL.test(name)).map((name) => join(folder, name)),
    conclusions: made.filter((path) => names.includes(basename(path))),
  };
}

/** Somebody else's model isn't removed, though it may be replaced. */
async function isOfRun(path: string): Promise<boolean> {
  if (UNFINISHED.test(path)) return true;
  const bytes = (await kindOf(path)) === 'file' ? await readIfThere(path) : undefined;
  try {
    return (
      bytes !== undefined &&
      (onnxKind(bytes) ?? decodeSafetensors(bytes, path).metadata.fingerprint) !== undefined
    );
  } catch {
    return false;
  }
}

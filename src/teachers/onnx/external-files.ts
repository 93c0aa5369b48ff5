import { brandOf } from '../../checks.js';
import { DistillError } from '../../errors.js';
import { bytesOf, type Source } from '../../sources/bytes-of.js';

/** A file beside a model. */
export interface ExternalFile {
  /** As the model names it. */
  readonly path: string;
  readonly data: Uint8Array;
}

/**
 * The files that a model needs beside it: those given, else read from where the model is, where that is a path or URL.
 * @throws DistillError 'missing' where one isn't there, 'bad-file' for a name that leads out of the model's folder
 */
export async function readExternalFiles(
  names: readonly string[],
  {
    given,
    source,
    name,
  }: { given: Readonly<Record<string, Uint8Array>> | undefined; source: Source; name: string },
): Promise<ExternalFile[]> {
  const files: ExternalFile[] = [];
  for (const path of names) {
    const own = given && Object.hasOwn(given, path) ? given[path] : undefined;
    files.push({ path, data: own ?? (await beside(source, path, name)) });
  }
  return files;
}

async function beside(source: Source, path: string, name: string): Promise<Uint8Array> {
  if (/^([/\\]|[a-z]+:)|(^|[/\\])\.\.([/\\]|$)/i.test(path))
    throw new DistillError(
      'bad-file',
      `${name} has weights in ${path}, which isn't beside it: move them there`,
    );
  const place = placeBeside(source, path);
  const needs = `${name} has weights in ${path}, which must lie beside it`;
  if (place === undefined)
    throw new DistillError(
      'missing',
      `${needs}: give its bytes, externalFiles: { ${JSON.stringify(path)}: bytes }`,
    );
  try {
    return (await bytesOf(place)).bytes;
  } catch (cause) {
    const { message } = cause as Error;
    throw new DistillError('missing', `${needs}, but ${message}`, { cause });
  }
}

function placeBeside(source: Source, path: string): string | URL | undefined {
  if (typeof source === 'string') return source.replace(/[^/\\]*$/, '') + path;
  return brandOf(source) === 'URL' ? new URL(path, source as URL) : undefined;
}

import { DistillError } from '../errors.js';
import type { Architecture } from './mlp.js';

/** Reads an architecture from a model file's metadata; `file` is for messages. @throws DistillError 'bad-file' */
export function readArchitecture(text: string | undefined, file: string): Architecture {
  if (text === undefined) {
    throw new DistillError(
      'bad-file',
      `${file}: no architecture in the metadata, so it isn't a model written by wasm-distill`,
    );
  }
  try {
    const { kind, layers } = JSON.parse(text) as { kind: unknown; layers: unknown };
    const valid =
      Array.isArray(layers) &&
      layers.length >= 2 &&
      layers.every((n) => Number.isInteger(n) && n >= 1 && n < 2 ** 24);
    if (kind === 'mlp' && valid) return { kind, layers: layers as number[] };
  } catch {
    // Told below, like any other text that isn't an architecture.
  }
  throw new DistillError(
    'bad-file',
    `${file}: the architecture in the metadata can't be read: ${text.slice(0, 100)}`,
  );
}

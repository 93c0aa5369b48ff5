import { read } from '#read';
import { brandOf, shown } from '../checks.js';
import { DistillError } from '../errors.js';

/** Bytes, or where they are: a URL, or in Node also a path. */
export type Address = Uint8Array | ArrayBuffer | string | URL;

export function isAddress(source: unknown): source is string | URL {
  return typeof source === 'string' || brandOf(source) === 'URL';
}

export async function bytesOf(source: Address): Promise<Uint8Array> {
  if (isAddress(source)) return read(source);
  if (brandOf(source) === 'Uint8Array') return source as Uint8Array;
  if (brandOf(source) === 'ArrayBuffer') return new Uint8Array(source as ArrayBuffer);
  throw new DistillError(
    'bad-argument',
    `give bytes (Uint8Array or ArrayBuffer), a URL or a path, not ${shown(source)}`,
  );
}

export async function moduleOf(
  source: WebAssembly.Module | Address | undefined,
): Promise<WebAssembly.Module> {
  if (brandOf(source) === 'WebAssembly.Module') return source as WebAssembly.Module;
  const bytes = source === undefined ? await readBesideThis() : await bytesOf(source as Address);
  try {
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError(
      'missing',
      `infer.wasm can't be compiled here (${reason}): it takes SIMD and, under a Content-Security-Policy, 'wasm-unsafe-eval'; or give options.module as a WebAssembly.Module`,
      { cause },
    );
  }
}

async function readBesideThis(): Promise<Uint8Array> {
  try {
    // Bundlers recognize this form as a file to include.
    return await read(new URL('./infer.wasm', import.meta.url));
  } catch (cause) {
    throw new DistillError(
      'missing',
      `infer.wasm isn't beside this script (${(cause as Error).message}): give options.module, where wasm-distill/infer.wasm is`,
      { cause },
    );
  }
}

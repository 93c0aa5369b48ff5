import { read } from '#read';
import { DistillError } from '../errors.js';

/** Bytes, or where they are: a URL, or in Node also a path. */
export type Address = Uint8Array | ArrayBuffer | string | URL;

export async function bytesOf(source: Address): Promise<Uint8Array> {
  if (typeof source === 'string' || source instanceof URL) return read(source);
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new DistillError(
    'bad-argument',
    `a file is given by its bytes (Uint8Array or ArrayBuffer), URL or path, not by ${Object.prototype.toString.call(source)}`,
  );
}

export async function moduleOf(
  source: WebAssembly.Module | Address | undefined,
): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const bytes = await bytesOf(source ?? besideThis());
  try {
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError(
      'missing',
      `infer.wasm can't be compiled here (${reason}): that takes an engine with SIMD and, under a Content-Security-Policy, 'wasm-unsafe-eval'; hosts that compile no bytes take options.module as a WebAssembly.Module`,
      { cause },
    );
  }
}

function besideThis(): URL {
  try {
    // Bundlers recognize this form as a file to include.
    return new URL('./infer.wasm', import.meta.url);
  } catch (cause) {
    throw new DistillError(
      'missing',
      "this host doesn't say where the script lies, and so where infer.wasm does: give options.module",
      { cause },
    );
  }
}

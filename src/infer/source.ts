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
  source: WebAssembly.Module | Address = new URL('./infer.wasm', import.meta.url),
): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const bytes = await bytesOf(source);
  try {
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError(
      'missing',
      `infer.wasm can't be compiled here (${reason}): it needs an engine with SIMD, and a Content-Security-Policy that allows 'wasm-unsafe-eval' or options.module as a WebAssembly.Module`,
      { cause },
    );
  }
}

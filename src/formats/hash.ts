import { checkList } from '../checks.js';
import { DistillError } from '../errors.js';

/** SHA-256 of arrays end to end, as hex. @throws DistillError 'missing' on pages without crypto.subtle. */
export async function sha256(parts: readonly (Float32Array | Uint8Array | Int32Array)[]): Promise<string> {
  checkList(parts, 'what is hashed', 'typed arrays', (part) => ArrayBuffer.isView(part));
  if (!globalThis.crypto?.subtle) {
    throw new DistillError(
      'missing',
      'hashes need crypto.subtle, which browsers offer only to pages served over https or from localhost',
    );
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', all));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

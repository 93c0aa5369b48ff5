/** The bytes, at an address that is a multiple of their elements' size: copied if theirs isn't. */
export function aligned(bytes: Uint8Array, each: number): Uint8Array {
  return bytes.byteOffset % each === 0 ? bytes : new Uint8Array(bytes);
}

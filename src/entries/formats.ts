/** Files: bytes to arrays and back. */
export { type ByteArray, readIdx } from '../data/idx.js';
export { sha256 } from '../formats/hash.js';
export { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../formats/safetensors.js';
export { decodeSoftTargets, encodeSoftTargets } from '../teachers/soft-file.js';
export { decodeCheckpoint, encodeCheckpoint } from '../train/checkpoint.js';

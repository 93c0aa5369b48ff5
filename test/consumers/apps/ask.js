import { sha256 } from 'wasm-distill/formats';
import { onnxTeacher } from 'wasm-distill/onnx';

/** The digest of what an ONNX teacher answers, or the error met. */
export async function ask(source, options) {
  try {
    const teacher = await onnxTeacher(source, options);
    const values = Uint8Array.from({ length: 40 * 192 }, (_, i) => (i * 89 + (i >> 4) * 13) % 256);
    const logits = await teacher.logits({ shape: [8, 8, 3], values });
    await teacher.close();
    return { sha256: await sha256([logits]), runtime: teacher.facts.runtime.name };
  } catch ({ code, message }) {
    return { code, message };
  }
}

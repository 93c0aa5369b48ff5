import { DistillError, load } from 'wasm-distill/infer';
import infer from './infer.wasm';
import student from './student.safetensors';

/** A module worker of an edge host, which hands over compiled modules and compiles no bytes. */
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const module = pathname === '/module' ? infer : undefined;
    const bytes = pathname === '/bytes' ? new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) : undefined;
    try {
      const { inputs, predict } = await load(student, { module: module ?? bytes });
      const { label, probabilities } = predict(new Float32Array(inputs).fill(1));
      return Response.json({ label, probabilities: [...probabilities] });
    } catch (error) {
      if (!(error instanceof DistillError)) throw error;
      return Response.json({ code: error.code, message: error.message });
    }
  },
};

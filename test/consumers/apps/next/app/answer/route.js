import { readFile } from 'node:fs/promises';
import { load } from 'wasm-distill/infer';

export const dynamic = 'force-dynamic';

/** A student run by the server. */
export async function GET() {
  const student = await load(await readFile('public/student.safetensors'));
  const { label, probabilities } = student.predict(new Float32Array(16).fill(0.5));
  return Response.json({ label, probabilities: [...probabilities] });
}

import { readFile } from 'node:fs/promises';
import { work } from '../../work.js';

export const dynamic = 'force-dynamic';

/** The same work, done by the server. */
export async function GET() {
  return Response.json(await work(await readFile('public/student.safetensors')));
}

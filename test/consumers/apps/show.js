import { work } from './work.js';

/** Runs the work in a page and leaves what came of it where the test looks. */
export async function show(options) {
  globalThis.result = await work(new URL('student.safetensors', document.baseURI), options).catch((error) =>
    String(error),
  );
}

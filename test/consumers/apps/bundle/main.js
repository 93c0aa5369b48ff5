// Bundled into one file, from which nothing else lies beside it. Its arguments are kernels.wasm, a worker, and infer.wasm.
import { createEngine } from 'wasm-distill';
import { load } from 'wasm-distill/infer';

const told = (work) =>
  work.then(
    () => 'ran',
    ({ code, message }) => `${code}: ${message}`,
  );

async function main([kernels, worker, infer]) {
  const { readFile } = await import('node:fs/promises');
  const module = await WebAssembly.compile(await readFile(kernels));
  const student = await readFile('public/student.safetensors');
  const close = async (engine) => (await engine).close();
  return {
    engine: await told(close(createEngine({ threads: 1 }))),
    thread: await told(close(createEngine({ threads: 1, module }))),
    student: await told(load(student)),
    given: await told(close(createEngine({ threads: 1, module, worker }))),
    givenStudent: await told(load(student, { module: await readFile(infer) })),
  };
}

main(process.argv.slice(2)).then((outcome) => console.log(JSON.stringify(outcome)));

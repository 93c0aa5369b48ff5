import { DistillError } from 'wasm-distill';
import { describeOnnx, importOnnx, type OnnxValue, readOnnx } from 'wasm-distill/formats';
import { shorthandOf } from 'wasm-distill/graph';

/** Hidden tensors that are listed: there may be thousands. */
const MOST_HIDDEN = 20;

/** What a person wants to know of an ONNX file. @throws DistillError 'bad-file' */
export function aboutOnnx(bytes: Uint8Array, file: string) {
  const model = readOnnx(bytes, file);
  const found = describeOnnx(model, file);
  const batch = found.inputs[0]?.shape?.[0];
  const { hidden } = found;
  return {
    kind: 'ONNX model',
    producer: found.producer,
    irVersion: found.irVersion,
    opset: Object.entries(found.opset)
      .map(([domain, version]) => (domain === '' ? `${version}` : `${domain} ${version}`))
      .join(', '),
    bytes: bytes.length,
    ...(found.externalFiles.length > 0 && { filesBeside: [...found.externalFiles] }),
    ...(found.parameters > 0 && { parameters: found.parameters }),
    input: named(found.inputs, (one) => [typed(one), one.layout]),
    output: named(found.outputs, (one) => [typed(one), one.kind]),
    batch: typeof batch === 'number' ? `${batch} in the file; others are tried when it runs` : 'any',
    ...(found.classNames && { classNames: [...found.classNames] }),
    operators: Object.entries(found.operators)
      .map(([op, count]) => (count === 1 ? op : `${op} × ${count}`))
      .join(', '),
    asNetwork: imported(bytes, file),
    hiddenTensors: hidden.length,
    hidden: named(hidden.slice(0, MOST_HIDDEN), ({ op, shape }) => [op, shape && sizes(shape)]),
  };
}

/** The network that `export` makes of it, or why it doesn't. */
function imported(bytes: Uint8Array, file: string): string {
  try {
    return shorthandOf(importOnnx(bytes, file).architecture);
  } catch (error) {
    if (!(error instanceof DistillError)) throw error;
    return `none: ${error.message}`;
  }
}

function named<T extends { readonly name: string }>(
  list: readonly T[],
  words: (one: T) => readonly (string | undefined)[],
): Record<string, string> {
  return Object.fromEntries(
    list.map((one) => [
      one.name,
      words(one)
        .filter((word) => word !== undefined)
        .join(', '),
    ]),
  );
}

function typed({ type, shape }: OnnxValue): string {
  return type === undefined ? 'no tensor, or not told' : `${type} ${shape ? sizes(shape) : 'of any shape'}`;
}

function sizes(shape: NonNullable<OnnxValue['shape']>): string {
  return shape.map((size) => size ?? '?').join(' × ');
}

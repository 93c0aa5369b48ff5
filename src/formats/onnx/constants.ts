import type { OnnxGraph, OnnxNode, OnnxTensor } from './model.js';

/** By name all tensors whose numbers are in the file: initializers, constants, and what Identity makes of either. */
export function constantsOf({ initializers, nodes }: OnnxGraph): ReadonlyMap<string, OnnxTensor> {
  const constants = new Map(initializers);
  for (const node of nodes) {
    const [output = ''] = node.outputs;
    const value =
      node.op === 'Identity'
        ? constants.get(node.inputs[0] ?? '')
        : node.op === 'Constant' && constantOf(node);
    if (value && node.domain === '' && output !== '') constants.set(output, { ...value, name: output });
  }
  return constants;
}

/** Of a Constant node; undefined for one of texts or of sparse tensors. */
function constantOf({ attributes }: OnnxNode): OnnxTensor | undefined {
  const [[key, value] = []] = Object.entries(attributes);
  if (!key || !value) return undefined;
  if ('tensor' in value) return value.tensor;
  if ('float' in value) return floats([value.float], []);
  if ('int' in value) return integers([value.int], []);
  if ('floats' in value) return floats(value.floats, [value.floats.length]);
  return 'ints' in value ? integers(value.ints, [value.ints.length]) : undefined;
}

function floats(values: readonly number[], shape: readonly number[]): OnnxTensor {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return { name: '', shape, type: 'f32', bytes };
}

function integers(values: readonly number[], shape: readonly number[]): OnnxTensor {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setBigInt64(8 * i, BigInt(value), true);
  });
  return { name: '', shape, type: 'i64', bytes };
}

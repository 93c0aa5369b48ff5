import type { CompiledNode } from '../../../compiler/node.js';
import type { Pair, WindowAttributes } from '../../../graph/names.js';
import { size } from '../../../graph/shape.js';
import type { Epilogue } from '../../fusions/epilogue.js';
import { type Factor, four, matrix, oneByOne, type Product } from './factor.js';
import { NO_EPILOGUE } from './finish.js';
import { pixelsByTaps, tapsByPixels } from './images.js';
import { matrixProduct } from './matmul.js';
import { asProduct } from './product.js';

/* Convolutions as products of a matrix that is never stored: what lies under the window's taps is looked up. */

export const conv2d = asProduct<'conv2d'>((node) => forward(node, node.attributes, NO_EPILOGUE));
export const fusedConv2d = asProduct<'fusedConv2d'>((node) =>
  forward(node, node.attributes, node.attributes),
);
export const conv2dInput = asProduct<'conv2dInput'>((node) => backward(node, node.attributes, NO_EPILOGUE));
export const fusedConv2dInput = asProduct<'fusedConv2dInput'>((node) =>
  backward(node, node.attributes, node.attributes),
);

type Four = [number, number, number, number];

/** y's pixels × filters = (y's pixels × taps' channels)·(taps' channels × filters). */
function forward(node: CompiledNode, window: WindowAttributes, epilogue: Epilogue): Product {
  const [x, w] = node.inputs as [CompiledNode, CompiledNode];
  const [kh, kw, channels, filters] = w.shape as Four;
  const sizes = { m: size(node.shape) / filters, n: filters, k: kh * kw * channels, batch: 1 };
  if (isPlain([kh, kw], window))
    return matrixProduct(node, sizes, { transposeA: false, transposeB: false }, epilogue);
  return {
    a: pixelsByTaps({ kernel: [kh, kw], window, of: x, from: node, direction: 'forward' }),
    b: matrix(w, 'outer', sizes.n, sizes.k),
    sizes,
    epilogue,
  };
}

/** x's pixels × channels = (x's pixels × taps' filters)·(taps' filters × channels). */
function backward(node: CompiledNode, window: WindowAttributes, epilogue: Epilogue): Product {
  const [y, w] = node.inputs as [CompiledNode, CompiledNode];
  const [kh, kw, channels, filters] = w.shape as Four;
  const sizes = { m: size(node.shape) / channels, n: channels, k: kh * kw * filters, batch: 1 };
  if (isPlain([kh, kw], window))
    return matrixProduct(node, sizes, { transposeA: false, transposeB: true }, epilogue);
  return {
    a: pixelsByTaps({ kernel: [kh, kw], window, of: y, from: node, direction: 'backward' }),
    b: weightsByFilters(w),
    sizes,
    epilogue,
  };
}

/** Taps' channels × filters = (taps' channels × y's pixels)·(y's pixels × filters). */
export const conv2dWeight = asProduct<'conv2dWeight'>((node) => {
  const [x, y] = node.inputs as [CompiledNode, CompiledNode];
  const { kernel } = node.attributes;
  const filters = y.shape[3]!;
  const sizes = { m: size(node.shape) / filters, n: filters, k: size(y.shape) / filters, batch: 1 };
  if (isPlain(kernel, node.attributes))
    return matrixProduct(node, sizes, { transposeA: true, transposeB: false }, NO_EPILOGUE);
  return {
    a: tapsByPixels({ kernel, window: node.attributes, of: x, from: y, direction: 'forward' }),
    b: matrix(y, 'outer', sizes.n, sizes.k),
    sizes,
    epilogue: NO_EPILOGUE,
  };
});

/** Whether every pixel of x is one of y: then images are rows of a product. */
function isPlain(kernel: Pair, { stride, padding }: WindowAttributes): boolean {
  return [...kernel, ...stride].every((n) => n === 1) && padding.every((n) => n === 0);
}

/** Weights [height, width, channels, filters] with a column for each channel, and along k the taps' filters. */
function weightsByFilters(w: CompiledNode): Factor {
  const [, , channels, filters] = w.shape as Four;
  const vector = filters % 4 === 0;
  const place = `k / ${filters}u * ${channels * filters}u + origin + k % ${filters}u`;
  return {
    node: w,
    along: 'k',
    vector,
    functions: (name) => `
alias ${name}_From = u32;
fn ${name}_from(outer: u32, batch: u32) -> ${name}_From { return outer * ${filters}u; }
${vector ? '' : `fn ${name}_at(origin: u32, k: u32) -> f32 { return ${name}[${place}]; }`}
fn ${name}_load(origin: ${name}_From, k: u32) -> vec4f {
  return ${vector ? four(name, place, true) : oneByOne((i) => `${name}_at(origin, k + ${i}u)`)};
}`,
  };
}

import { checkBoolean, checkNames, checkWhole } from '../checks.js';
import type { LayerSpec, SpecOf } from './layer-specs.js';

/** What all blocks take. */
export interface BlockOptions {
  /** Batch norm (default true); without it the layers have biases. */
  norm?: boolean;
  /** What the block's output goes by (default: its place). */
  name?: string | undefined;
}

export interface StridedOptions extends BlockOptions {
  /** Pixels from one window to the next, in the block's first convolution (default 1). */
  stride?: number;
}

export interface ResidualOptions extends StridedOptions {
  /** Channels of the input; where they aren't the filters, the shortcut is a convolution (default: the filters). */
  channels?: number;
}

/** A layer of weighted sums. */
type Linear = SpecOf<'conv'> | SpecOf<'deconv'> | SpecOf<'depthwise'> | SpecOf<'dense'>;
type Activation = SpecOf<'relu'> | SpecOf<'maxout'>;

/** A linear layer with batch norm, which takes the place of its bias, and an activation, which has the block's name. */
export function activated(
  layer: Linear,
  { norm = true, name }: BlockOptions = {},
  activation: Activation = { relu: true },
): LayerSpec[] {
  const own =
    'dense' in layer ? 'dense' : 'depthwise' in layer ? 'dw' : 'deconv' in layer ? 'deconv' : 'conv';
  return [
    { ...named(name, `.${own}`), ...layer, ...(norm && { bias: false }) },
    ...normalized(norm, name),
    { ...named(name), ...activation },
  ];
}

/** A linear layer with batch norm, without an activation. */
function linear(layer: Linear, norm: boolean): LayerSpec[] {
  return [{ ...layer, ...(norm && { bias: false }) }, ...normalized(norm)];
}

function normalized(norm: boolean, name?: string): LayerSpec[] {
  return norm ? [{ ...named(name, '.norm'), norm: 'batch' }] : [];
}

export function named(name: string | undefined, suffix = ''): { name?: string } {
  return name === undefined ? {} : { name: name + suffix };
}

/**
 * A residual block (He et al. 2015): two convolutions of 3 × 3, added to the input, or, where the shape changes, to a
 * convolution of 1 × 1 of it, with a ReLU after the sum.
 * @throws DistillError 'bad-argument'
 */
export function residual(filters: number, options: ResidualOptions = {}): LayerSpec[] {
  check('residual', [filters], options, ['stride', 'channels']);
  const { stride = 1, channels = filters, norm = true, name } = options;
  const main = [...activated(conv(filters, 3, stride), { norm }), ...linear(conv(filters, 3), norm)];
  const same = stride === 1 && channels === filters;
  const shortcut = same ? [] : linear(conv(filters, 1, stride), norm);
  return [
    { ...named(name, '.sum'), sum: [main, shortcut] },
    { ...named(name), relu: true },
  ];
}

/**
 * A residual block whose convolutions follow batch norm and ReLU (He et al. 2016, as in Zagoruyko & Komodakis 2016):
 * where the shape changes, the shortcut is a convolution of 1 × 1 of the activated input. Batch norm and ReLU
 * belong behind the last of these blocks.
 * @throws DistillError 'bad-argument'
 */
export function preActivation(filters: number, options: ResidualOptions = {}): LayerSpec[] {
  check('preActivation', [filters], options, ['stride', 'channels']);
  const { stride = 1, channels = filters, norm = true, name } = options;
  const before = (prefix?: string): LayerSpec[] => [
    ...normalized(norm, prefix),
    { ...named(prefix, '.relu'), relu: true },
  ];
  const bias = norm ? { bias: false } : {};
  const main = [...activated(conv(filters, 3, stride), { norm }), { ...conv(filters, 3), ...bias }];
  if (stride === 1 && channels === filters) return [{ ...named(name), sum: [[...before(), ...main], []] }];
  const shortcut = [{ ...conv(filters, 1, stride), ...bias }];
  return [...before(name), { ...named(name), sum: [main, shortcut] }];
}

/**
 * A separable convolution (Howard et al. 2017): each channel by itself, then a convolution of 1 × 1 over all of them,
 * with a ReLU after each.
 * @throws DistillError 'bad-argument'
 */
export function separable(
  filters: number,
  options: StridedOptions & { /** Of the filter for each channel (default 3). */ kernel?: number } = {},
): LayerSpec[] {
  check('separable', [filters], options, ['stride', 'kernel']);
  const { stride = 1, kernel = 3, norm = true, name } = options;
  const own = { depthwise: kernel, ...(stride > 1 && { stride }) };
  const first = activated(own, { norm, name: name && `${name}.dw` });
  return [...first, ...activated(conv(filters, 1), { norm, name })];
}

/**
 * SqueezeNet's module (Iandola et al. 2016): a convolution of 1 × 1 to few channels, then one of 1 × 1 and one of 3 × 3
 * beside each other, with a ReLU after each.
 * @throws DistillError 'bad-argument'
 */
export function fire(
  squeeze: number,
  expand1: number,
  expand3: number,
  options: BlockOptions = {},
): LayerSpec[] {
  check('fire', [squeeze, expand1, expand3], options);
  const { norm = true, name } = options;
  const expand = [activated(conv(expand1, 1), { norm }), activated(conv(expand3, 3), { norm })];
  return [
    ...activated(conv(squeeze, 1), { norm, name: name && `${name}.squeeze` }),
    { ...named(name), concat: expand },
  ];
}

/**
 * Conv-M (Wu et al. 2017): a plain convolution, a dilated and a transposed one beside each other, 3 × 3 all of them,
 * with a ReLU after they are joined.
 * @throws DistillError 'bad-argument'
 */
export function convM(
  plain: number,
  dilated: number,
  transposed: number,
  options: BlockOptions = {},
): LayerSpec[] {
  check('convM', [plain, dilated, transposed], options);
  const { norm = true, name } = options;
  const bias = norm ? { bias: false } : {};
  const branches = [
    [{ conv: plain, ...bias }],
    [{ conv: dilated, dilation: 2, ...bias }],
    [{ deconv: transposed, ...bias }],
  ];
  return [
    { ...named(name, '.concat'), concat: branches },
    ...normalized(norm, name),
    { ...named(name), relu: true },
  ];
}

function conv(filters: number, kernel: number, stride = 1): SpecOf<'conv'> {
  return { conv: filters, ...(kernel !== 3 && { kernel }), ...(stride > 1 && { stride }) };
}

/** Refuses what isn't a block's; whole numbers are those of the filters and every option but norm and name. */
function check(
  what: string,
  filters: readonly number[],
  options: BlockOptions,
  more: readonly string[] = [],
): void {
  checkNames(options, what, ['norm', 'name', ...more]);
  for (const count of filters) checkWhole(count, `the filters of ${what}`, 1, 2 ** 24 - 1);
  const numbers = Object.entries(options).filter(([option]) => more.includes(option));
  for (const [option, value] of numbers)
    if (value !== undefined) checkWhole(value, `${option} of ${what}`, 1, 2 ** 24 - 1);
  if (options.norm !== undefined) checkBoolean(options.norm, `norm of ${what}`);
}

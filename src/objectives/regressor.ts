import { demand } from '../errors.js';
import { type Shape, size } from '../graph/shape.js';
import type { LayerSpec } from '../nn/layer-specs.js';
import type { Architecture } from '../nn/specs.js';
import type { Tap } from '../nn/tap-shape.js';

/**
 * The network that makes a hint of a guided layer (Romero et al., FitNets, ICLR 2015, section 2.2); its outputs are the
 * hint's numbers as a row. Between maps it is a convolution without padding, whose kernel of s − t + 1 makes t pixels of s
 * (transposed where the student's map is the smaller one), with the hint's own non-linearity; between rows, of which a map of
 * one pixel is one, a dense layer.
 * 'common' is what most implementations take: 3 × 3 at stride 2 where the student's map is twice as large, 4 × 4 transposed
 * where it is half as large, each with batch norm and ReLU.
 * @throws DistillError 'mismatch' for a map that is to be made of a row.
 */
export function regressor(guided: Shape, hint: Tap, form: 'paper' | 'common'): Architecture {
  const between = hint.shape.length === 3 && !(guided.length === 1 && isPixel(hint.shape)) ? 'maps' : 'rows';
  demand(
    between === 'rows' || guided.length === 3,
    () =>
      `a hint of shape [${hint.shape}] can't be regressed from the student's [${guided}]: guide a layer of the student that is a map, too`,
    'mismatch',
  );
  const end: LayerSpec[] = hint.rectified && form === 'paper' ? [{ relu: true }] : [];
  const layers: LayerSpec[] =
    between === 'rows'
      ? [{ dense: size(hint.shape) }, ...end]
      : [...mapsBridged(guided, hint.shape, form), ...end, { flatten: true }];
  return { input: { shape: guided }, layers };
}

/** Whether it is a map of one pixel, as global pooling makes them in an ONNX graph. */
function isPixel([height, width]: Shape): boolean {
  return height === 1 && width === 1;
}

function mapsBridged([h, w]: Shape, [th, tw, channels]: Shape, form: 'paper' | 'common'): LayerSpec[] {
  const filters = channels!;
  if (form === 'paper') return [bridged([h!, w!], [th!, tw!], filters)];
  const norm: LayerSpec[] = [{ norm: 'batch' }, { relu: true }];
  if (h === 2 * th! && w === 2 * tw!) return [{ conv: filters, stride: 2, pad: 1 }, ...norm];
  if (2 * h! === th && 2 * w! === tw) return [{ deconv: filters, kernel: 4, stride: 2, pad: 1 }, ...norm];
  return [bridged([h!, w!], [th!, tw!], filters), ...norm];
}

/** One convolution from a map of one size to one of another, by its kernel alone. */
function bridged(from: readonly [number, number], to: readonly [number, number], filters: number): LayerSpec {
  const [dy, dx] = [from[0] - to[0], from[1] - to[1]];
  demand(
    (dy >= 0 && dx >= 0) || (dy <= 0 && dx <= 0),
    () =>
      `maps of ${from.join(' × ')} of the student and ${to.join(' × ')} of the teacher: one must be the larger one both ways`,
    'mismatch',
  );
  const kernel = [Math.abs(dy) + 1, Math.abs(dx) + 1] as const;
  return dy + dx >= 0 ? { conv: filters, kernel, pad: 0 } : { deconv: filters, kernel, pad: 0 };
}

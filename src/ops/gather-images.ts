import { checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { apply, type ShapeRule } from '../graph/apply.js';
import type { AttributesOf, ShiftAttributes } from '../graph/names.js';
import { size } from '../graph/shape.js';
import type { Node, Tensor } from '../graph/tensor.js';
import { philoxWords } from '../random/philox.js';
import { checkStream, type Stream } from '../random/streams.js';
import { take } from './gather.js';
import type { Operator, RandomState } from './operator.js';

/** How each image is seen in a step: shifted at random, and mirrored or not. */
export type ViewAttributes = AttributesOf['viewIndex'];

/**
 * u8 images [n, height, width, channels] at `index` as f32 [batch, height, width, channels], 0 to 255, each in a random
 * view.
 */
const gatherImagesRule: ShapeRule<'gatherImages'> = {
  name: 'gatherImages',
  infer: ([x, index], view) => {
    demand(
      x!.dtype === 'u8' && x!.shape.length === 4 && index!.dtype === 'i32' && index!.shape.length === 1,
      'gatherImages: x must be u8 images [n, height, width, channels], index a row of i32',
    );
    checkView(view);
    return { shape: [index!.shape[0]!, ...x!.shape.slice(1)], dtype: 'f32' };
  },
};

export const gatherImagesOp: Operator<'gatherImages'> = {
  rule: gatherImagesRule,
  reference: ([x, index], node, random) => {
    const [, height, width, channels] = node.inputs[0]!.shape as [number, number, number, number];
    const views = drawnViews(index!.length, node, random);
    const y = new Float64Array(size(node.shape));
    index!.forEach((image, r) => {
      if (image < 0) return;
      const { down, right, mirrored } = views[r]!;
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const row = i - down;
          const seen = j - right;
          if (row < 0 || row >= height || seen < 0 || seen >= width) continue;
          const column = mirrored ? width - 1 - seen : seen;
          for (let c = 0; c < channels; c++)
            y[((r * height + i) * width + j) * channels + c] =
              x![((image * height + row) * width + column) * channels + c]!;
        }
      }
    });
    return y;
  },
  cases: () =>
    [0, 1, 2, 30].flatMap((pixels) =>
      [
        [1, 1, 1, 1],
        [3, 28, 28, 1],
        [17, 5, 7, 1],
        [9, 5, 7, 3],
      ].flatMap(([n, height, width, channels]) =>
        [false, true].map((mirrored) => ({
          inputs: [
            { shape: [9, height!, width!, channels!], data: 'bytes' as const, dtype: 'u8' as const },
            { shape: [n!], data: { indices: 9 }, dtype: 'i32' as const },
          ],
          attributes: caseView(pixels, mirrored),
          tolerance: 0,
        })),
      ),
    ),
};

/**
 * Row of image index[r], in the view that gatherImages draws with the same attributes, in a table of every image in
 * each of its views: index·views + the view's number. Shifts are numbered row by row, from −pixels down and −pixels to
 * the right; for each, the image as it is comes first, then the mirrored one. Index −1 stays −1.
 */
const viewIndexRule: ShapeRule<'viewIndex'> = {
  name: 'viewIndex',
  infer: ([index], view) => {
    demand(index!.dtype === 'i32' && index!.shape.length === 1, 'viewIndex: index must be a row of i32');
    checkView(view);
    return { shape: index!.shape, dtype: 'i32' };
  },
};

export const viewIndexOp: Operator<'viewIndex'> = {
  rule: viewIndexRule,
  reference: ([index], node, random) => {
    const { shift, mirror } = node.attributes;
    const pixels = shift?.pixels ?? 0;
    const side = 2 * pixels + 1;
    const views = drawnViews(index!.length, node, random);
    return index!.map((i, r) => {
      const { down, right, mirrored } = views[r]!;
      const row = (i * side + down + pixels) * side + right + pixels;
      return i < 0 ? -1 : mirror ? 2 * row + Number(mirrored) : row;
    });
  },
  cases: () =>
    [0, 1, 2, 30].flatMap((pixels) =>
      [1, 3, 17, 100].flatMap((n) =>
        [false, true].map((mirrored) => ({
          inputs: [{ shape: [n], data: { indices: 9 }, dtype: 'i32' as const }],
          attributes: caseView(pixels, mirrored),
          tolerance: 0,
        })),
      ),
    ),
};

function caseView(pixels: number, mirrored: boolean): ViewAttributes {
  return {
    shift: pixels > 0 ? { pixels, stream: { kind: 'user', index: 5 } } : undefined,
    mirror: mirrored ? { kind: 'user', index: 6 } : undefined,
  };
}

interface DrawnView {
  down: number;
  right: number;
  mirrored: boolean;
}

/** Row r draws the words 2r and 2r + 1 of the shift's stream, and word r of the mirror's, whose highest bit counts. */
function drawnViews(
  n: number,
  { attributes: { shift, mirror } }: Node<'gatherImages'> | Node<'viewIndex'>,
  { seed, step }: RandomState,
): DrawnView[] {
  const shifts = shift ? philoxWords(seed, shift.stream, step, 2 * n) : undefined;
  const mirrors = mirror ? philoxWords(seed, mirror, step, n) : undefined;
  const pixels = shift?.pixels ?? 0;
  const offset = (i: number) => (shifts ? Math.floor((shifts[i]! * (2 * pixels + 1)) / 2 ** 32) - pixels : 0);
  return Array.from({ length: n }, (_, r) => ({
    down: offset(2 * r),
    right: offset(2 * r + 1),
    mirrored: mirrors ? mirrors[r]! >= 2 ** 31 : false,
  }));
}

function checkView({ shift, mirror }: ViewAttributes): void {
  if (shift) {
    checkPixels(shift.pixels);
    checkStream(shift.stream);
  }
  if (mirror) checkStream(mirror);
}

/** @throws DistillError 'bad-argument' for an invalid number of pixels. */
export function checkPixels(pixels: number): void {
  demand(
    Number.isInteger(pixels) && pixels >= 0 && pixels < 2 ** 15,
    () => `a shift must be a whole number of pixels, not ${pixels}`,
  );
}

export interface ViewOptions {
  shift?: ShiftAttributes | undefined;
  mirror?: Stream | undefined;
}

/** Images at `index` as f32 [batch, height, width, channels] from 0 to 255, each in a view drawn at random. */
export function takeImages(images: Tensor, index: Tensor, options: ViewOptions = {}): Tensor {
  checkNames(options, 'takeImages', ['shift', 'mirror']);
  const { shift, mirror } = options;
  return apply(gatherImagesRule, [images, index], { shift, mirror });
}

/**
 * Rows at `index` of a table [n·views, columns] with a row for each view of each image: the views are those that
 * takeImages draws with the same options.
 */
export function takeOfViews(table: Tensor, index: Tensor, { shift, mirror }: ViewOptions): Tensor {
  const plain = !shift && !mirror;
  return take(table, plain ? index : apply(viewIndexRule, [index], { shift, mirror }));
}

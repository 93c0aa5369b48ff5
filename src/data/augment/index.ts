import { checkNames, shown } from '../../checks.js';
import { demand } from '../../errors.js';
import type { Shape } from '../../graph/shape.js';
import type { ViewOptions } from '../../ops/gather-images.js';
import type { Samples } from '../dataset.js';
import type { AugmentationKind } from './kind.js';
import { type Mirror, mirror } from './mirror.js';
import { type Shift, shift } from './shift.js';

/** A random change to each image each time it is seen: plain data, keyed by the name of its kind. */
export type Augmentation = Shift | Mirror;

interface Kinds {
  mirror: AugmentationKind<Mirror>;
  shift: AugmentationKind<Shift>;
}

/** Every kind, in the order in which they are applied, whatever the order of the list: mirrored, then shifted. */
const kinds: Kinds = { mirror, shift };

type KindName = keyof Kinds;

function kindOf(augmentation: Augmentation): KindName {
  const known = Object.keys(kinds);
  checkNames(augmentation, 'an augmentation', known);
  const [name, ...others] = Object.keys(augmentation);
  demand(
    name !== undefined && others.length === 0,
    () => `an augmentation has one name of ${known.join(', ')}, not ${shown(augmentation)}`,
  );
  return name as KindName;
}

function of(augmentation: Augmentation): AugmentationKind<Augmentation> {
  return kinds[kindOf(augmentation)] as unknown as AugmentationKind<Augmentation>;
}

/** The augmentations in the order in which they are applied: checked, each kind at most once. */
function inOrder(augment: readonly Augmentation[]): Augmentation[] {
  demand(
    Array.isArray(augment),
    () => `augment must be a list such as [{ shift: 2 }], not ${shown(augment)}`,
  );
  const names = Object.keys(kinds);
  const found = augment.map((augmentation) => ({ augmentation, name: kindOf(augmentation) }));
  demand(
    new Set(found.map(({ name }) => name)).size === found.length,
    () => `each kind of augmentation can be given once, not ${found.map(({ name }) => name).join(', ')}`,
  );
  found.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  return found.map(({ augmentation }) => augmentation);
}

/**
 * Refuses invalid augmentations, and those that don't apply to samples of this shape and type.
 * @throws DistillError 'bad-argument'
 */
export function checkAugment(augment: readonly Augmentation[], { shape, values }: Samples): void {
  for (const augmentation of inOrder(augment)) of(augmentation).check(augmentation);
  demand(
    augment.length === 0 || (isImage(shape) && values.BYTES_PER_ELEMENT === 1),
    () => `only images of bytes [height, width, channels] can be augmented, not samples of shape [${shape}]`,
  );
}

function isImage(shape: Shape): boolean {
  return shape.length === 3;
}

/** The number of views of an image. */
export function viewCount(augment: readonly Augmentation[]): number {
  return inOrder(augment).reduce((count, augmentation) => {
    of(augmentation).check(augmentation);
    return count * of(augmentation).views(augmentation);
  }, 1);
}

/** What a step draws at random for each image it takes. */
export function viewOptions(augment: readonly Augmentation[]): ViewOptions {
  return Object.assign(
    {},
    ...inOrder(augment).map((augmentation, i) => of(augmentation).draw(augmentation, i)),
  );
}

/**
 * The images in each of their views, one view of all images at a time, in the order used by tables of kept outputs
 * (viewIndex in ops/gather-images.ts): shifts row by row, for each the image as it is, then mirrored.
 */
export function* viewsOf(images: Samples, augment: readonly Augmentation[]): Generator<Samples> {
  const count = viewCount(augment);
  for (let view = 0; view < count; view++) yield viewOf(images, augment, view);
}

/** The images in one of their views. */
export function viewOf(images: Samples, augment: readonly Augmentation[], view: number): Samples {
  let left = view;
  return inOrder(augment).reduce((seen, augmentation) => {
    const views = of(augmentation).views(augmentation);
    const number = left % views;
    left = (left - number) / views;
    return of(augmentation).apply(augmentation, seen, number);
  }, images);
}

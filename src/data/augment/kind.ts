import type { ViewOptions } from '../../ops/gather-images.js';
import type { Samples } from '../dataset.js';

/** How one kind of augmentation is checked, counted, drawn in a step and applied to kept images. */
export interface AugmentationKind<A> {
  /** @throws DistillError 'bad-argument' */
  check(augmentation: A): void;
  /** The number of views of an image. */
  views(augmentation: A): number;
  /** What takeImages draws, from the stream with this index. */
  draw(augmentation: A, index: number): ViewOptions;
  /** All images in view `view` of 0 … views − 1, numbered as in draw. */
  apply(augmentation: A, images: Samples, view: number): Samples;
}

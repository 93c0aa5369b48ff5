import type { Padding } from '../graph/names.js';
import type { Dims } from './layers.js';

const CACHE_LINE = 64;

/**
 * Room for some images in memory, channels last, each with a halo of zeros wide enough for the padding of all layers
 * that read it: who makes an image writes inside, and nobody copies it to pad it. Behind each image are 64 bytes that
 * stay zero, as vectors reach past its end, and room for what fills up the last tile of a product.
 */
export class Store {
  #halo: Padding = [0, 0, 0, 0];
  #at = 0;
  /** What it is another name for, in one row, if that has no halo. */
  readonly #row: Store | undefined;

  constructor(
    readonly dims: Dims,
    row?: Store,
  ) {
    this.#row = row;
  }

  /** Makes sure that the halo has so many pixels. */
  widen(padding: Padding): void {
    const own = this.#halo;
    this.#halo = [
      Math.max(own[0], padding[0]),
      Math.max(own[1], padding[1]),
      Math.max(own[2], padding[2]),
      Math.max(own[3], padding[3]),
    ];
  }

  get hasHalo(): boolean {
    return this.#halo.some((pixels) => pixels > 0);
  }

  get isAlias(): boolean {
    return this.#row !== undefined && !this.#row.hasHalo;
  }

  get pixelBytes(): number {
    return this.dims[2] * 4;
  }

  get rowBytes(): number {
    return (this.dims[1] + this.#halo[1] + this.#halo[3]) * this.pixelBytes;
  }

  /** An image with its halo. */
  get areaBytes(): number {
    return (this.dims[0] + this.#halo[0] + this.#halo[2]) * this.rowBytes;
  }

  /** From one image to the next. */
  get imageBytes(): number {
    return this.isAlias ? this.#row!.imageBytes : this.#spare + roundUp(this.pixelBytes, CACHE_LINE);
  }

  /** The distance from an image to room for a pixel that nobody reads. */
  get #spare(): number {
    return roundUp(this.areaBytes + 64, CACHE_LINE);
  }

  get at(): number {
    return this.isAlias ? this.#row!.at : this.#at;
  }

  set at(address: number) {
    this.#at = address;
  }

  /** Where the first pixel lies. */
  get first(): number {
    return this.at + this.#halo[0] * this.rowBytes + this.#halo[1] * this.pixelBytes;
  }

  /** The distance from there to the room that nobody reads. */
  get nowhere(): number {
    return this.at + this.#spare - this.first;
  }
}

/** Some channels of images in a store, or all. */
export interface View {
  readonly store: Store;
  readonly dims: Dims;
  /** Its first channel's. */
  readonly channel: number;
}

export function viewOf(store: Store): View {
  return { store, dims: store.dims, channel: 0 };
}

/** Address of the first image's first number. */
export function addressOf({ store, channel }: View): number {
  return store.first + channel * 4;
}

/** Whether a view has all channels of its store. */
export function isWhole({ store, dims }: View): boolean {
  return dims[2] === store.dims[2];
}

/** rows, pixels and numbers of a pixel, for kernels that treat all channels alike: what lies in a row counts as one. */
export function extentOf(...views: readonly View[]): Dims {
  const [rows, pixels, n] = views[0]!.dims;
  if (!views.every(isWhole)) return [rows, pixels, n];
  return views.some(({ store }) => store.hasHalo) ? [rows, 1, pixels * n] : [1, 1, rows * pixels * n];
}

export function roundUp(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}

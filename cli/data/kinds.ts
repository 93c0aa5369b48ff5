import { npy, npz, safetensors } from './arrays.ts';
import { idx } from './idx.ts';
import { images } from './images.ts';
import { mnist } from './mnist.ts';
import { parquet } from './parquet.ts';
import type { Reader } from './reader.ts';
import { table } from './table.ts';

/** Every kind of data that --data takes. */
export const kinds = {
  mnist,
  idx,
  images,
  parquet,
  table,
  npy,
  npz,
  safetensors,
} satisfies Record<string, Reader>;

export type KindName = keyof typeof kinds;

import { demand } from '../errors.js';
import { type Shape, sameShape } from '../graph/shape.js';
import { type PictureFile, type PictureOptions, samplesOf } from './pictures.js';

/**
 * Pictures in shards, each decoded when it is read. The first shard's files say what shape all have.
 * @throws DistillError as `samplesOf` does; reading rejects with 'bad-file' for a shard of another shape.
 */
export async function pictureShards(
  first: readonly PictureFile[],
  filesOf: (shard: number) => Promise<readonly PictureFile[]>,
  pictures: PictureOptions,
): Promise<{ shape: Shape; read(shard: number): Promise<Uint8Array> }> {
  const { shape } = await samplesOf(first, pictures);
  // A signal is of the opening only. Where the first shard has colors, gray shards get them, too.
  const { signal: _, ...rest } = pictures;
  const later = shape[2] === 3 ? { ...rest, channels: 3 as const } : rest;
  const read = async (shard: number) => {
    const files = await filesOf(shard);
    const samples = await samplesOf(files, later);
    demand(
      sameShape(samples.shape, shape),
      () =>
        `${files[0]!.name} and others with it are of [${samples.shape}], where the first images of the stream are of [${shape}]: give ${samples.shape[2] === shape[2] ? 'a size to resize all images to' : 'channels: 3, or 1 to make all images gray'}`,
      'bad-file',
    );
    return samples.values as Uint8Array;
  };
  return { shape, read };
}

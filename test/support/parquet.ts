import { parquetWriteBuffer } from 'hyparquet-writer';

/** A Parquet file in Hugging Face's layout: pictures as { bytes, path }, labels of 64 bits, names in the metadata. */
export function huggingFaceFile(
  pictures: readonly (Uint8Array | null)[],
  labels: readonly number[],
  names: readonly string[],
  options: { rowGroupSize?: number } = {},
): Uint8Array {
  const features = { img: { _type: 'Image' }, label: { names, _type: 'ClassLabel' } };
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'img', data: pictures.map((bytes, i) => ({ bytes, path: `${i}.png` })) },
        { name: 'label', data: labels.map(BigInt) },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'img', repetition_type: 'OPTIONAL', num_children: 2 },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
      ],
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
      ...options,
    }),
  );
}

import type { Outputs } from './written.ts';

/** Values of a row group: the writer holds some 40 bytes for each of them meanwhile. */
const GROUP = 2 ** 20;

/**
 * Outputs as Parquet: one column of lists, called after what they are, so that 65,536 classes are one column, too. What
 * says more of them is metadata of the file, by the names that safetensors have.
 */
export async function parquetOf(
  { question: { what }, values, data: { size, classes } }: Outputs,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    ...{ writer: bytes, codec: 'UNCOMPRESSED', statistics: false, createdBy: 'wasm-distill' },
    schema: [
      { name: 'root', num_children: 1 },
      { name: what, repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
    ],
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const rows = Math.ceil(GROUP / classes);
  for (let from = 0; from < size; from += rows) {
    const data = Array.from({ length: Math.min(rows, size - from) }, (_, i) =>
      Array.from(values.subarray((from + i) * classes, (from + i + 1) * classes)),
    );
    // Plain: a dictionary of numbers that hardly occur twice would be made for nothing.
    await writer.write({ columnData: [{ name: what, data, encoding: 'PLAIN' }], rowGroupSize: rows });
  }
  await writer.finish();
  return bytes.getBytes();
}

import { decodeModel } from 'wasm-distill';
import { besides, type FormatName, modelFormats } from '../files/formats.ts';
import { read, writeAtomic } from '../files/run-files.ts';
import type { ExportedFile, ModelReport } from '../report/report.ts';

/** Writes a run's model in further formats beside its file: the same bytes as `export` would make of that. */
export async function exported(
  file: string,
  formats: readonly FormatName[] = [],
): Promise<Pick<ModelReport, 'exported'>> {
  const others = formats.filter((format) => format !== 'safetensors');
  if (others.length === 0) return {};
  const { model, metadata } = decodeModel(await read(file), file);
  const made: ExportedFile[] = [];
  for (const format of others) {
    const path = besides(file, format);
    const bytes = modelFormats[format].encode(model, metadata);
    await writeAtomic(path, bytes);
    made.push({ format, file: path, bytes: bytes.length });
  }
  return { exported: made };
}

/** Where they are, a line each. */
export function exportedLines({ exported: made = [] }: Pick<ModelReport, 'exported'>): string[] {
  return made.map(({ format, file }) => `${format.padEnd(8)} ${file}`);
}

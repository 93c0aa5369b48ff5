import type { Report } from '../report.ts';

type Data = Pick<Report, 'data'>;

/** What a sample is called: reports of before data were described are of images. */
export function sampleWord({ data }: Data): 'image' | 'row' {
  return data === undefined || data.shape.length >= 2 ? 'image' : 'row';
}

/** A class's name, or its number. */
export function className({ data }: Data, label: number): string {
  return data?.classNames?.[label] ?? String(label);
}

/** Names of a row's first columns, or their numbers, and whether there are more. */
export function columnNames({ data }: Data, length: number): { names: string[]; more: boolean } {
  const whole = data?.shape[0] ?? length;
  const known = data?.inputs?.length === whole ? data.inputs : undefined;
  return {
    names: Array.from({ length }, (_, i) => known?.[i] ?? String(i)),
    more: whole > length,
  };
}

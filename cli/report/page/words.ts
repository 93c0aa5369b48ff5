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

/**
 * Every layer by its keyword, with its JSON form: the files and tables of layers are typed over these. One row here,
 * one in `fields`, one file in layers/ and its row in layers/index.ts make a layer. Lightweight, as wasm-distill/infer
 * loads it.
 */
export interface LayerSpecs {
  /** This many units, each a weighted sum of all numbers of the input, plus a bias. */
  dense: { readonly dense: number };
  relu: { readonly relu: true };
  /** This share of the numbers is dropped during training. */
  dropout: { readonly dropout: number };
  /** All numbers in one row. */
  flatten: { readonly flatten: true };
}

export type LayerName = keyof LayerSpecs;

/** A layer as JSON. Its output and parameters go by its `name`, or else its place: "0", "1", … */
export type SpecOf<K extends LayerName> = LayerSpecs[K] & { readonly name?: string };
export type LayerSpec = { [K in LayerName]: SpecOf<K> }[LayerName];

/** What a value in a layer must be. */
interface Field {
  readonly what: string;
  holds(value: unknown): boolean;
}

const MOST_UNITS = 2 ** 24 - 1;

const units: Field = {
  what: 'a whole number from 1 to 16777215',
  holds: (n) => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= MOST_UNITS,
};
const rate: Field = {
  what: 'a number from 0 to below 1',
  holds: (n) => typeof n === 'number' && n >= 0 && n < 1,
};
const isTrue: Field = { what: 'true', holds: (value) => value === true };

/** What each layer's JSON may hold; everything but the layer's own keyword is optional. */
export const fields: {
  readonly [K in LayerName]: { readonly [F in keyof LayerSpecs[K]]-?: Field };
} = {
  dense: { dense: units },
  relu: { relu: isTrue },
  dropout: { dropout: rate },
  flatten: { flatten: isTrue },
};

/** Which layer a checked spec is. */
export function layerName(spec: LayerSpec): LayerName {
  return Object.keys(spec).find((key) => Object.hasOwn(fields, key)) as LayerName;
}

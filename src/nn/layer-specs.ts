/**
 * Every layer by its word, with the JSON that stands for it: what layers' files and tables are typed over. One row here,
 * one of `fields`, one file in layers/ and its row of layers/index.ts make a layer. Light, as wasm-distill/infer loads it.
 */
export interface LayerSpecs {
  /** So many units, each a weighted sum of all numbers of the input, and a bias. */
  dense: { readonly dense: number };
  relu: { readonly relu: true };
  /** This share of the numbers is dropped while training. */
  dropout: { readonly dropout: number };
  /** A row of all numbers. */
  flatten: { readonly flatten: true };
}

export type LayerName = keyof LayerSpecs;

/** A layer as JSON. Its `name` is what its output and parameters are called by, or else its place: "0", "1", … */
export type SpecOf<K extends LayerName> = LayerSpecs[K] & { readonly name?: string };
export type LayerSpec = { [K in LayerName]: SpecOf<K> }[LayerName];

/** What a value in a layer has to be. */
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

/** What each layer's JSON may hold; all but the layer's own word may be left out. */
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

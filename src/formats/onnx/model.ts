/** ONNX models as plain data: what the reader answers and the writer takes. */

/** `format` in the metadata of models that this library has exported: their inputs are data as they are. */
export const ONNX_FORMAT = 'wasm-distill onnx';

/** Types of tensors' elements. */
export type OnnxType =
  | ('f32' | 'f64' | 'f16' | 'bf16')
  | ('i64' | 'i32' | 'i16' | 'i8' | 'i4' | 'i2')
  | ('u64' | 'u32' | 'u16' | 'u8' | 'u4' | 'u2')
  | ('bool' | 'string' | 'c64' | 'c128')
  | ('f8_e4m3' | 'f8_e4m3fnuz' | 'f8_e5m2' | 'f8_e5m2fnuz' | 'f8_e8m0' | 'f4');

export interface OnnxModel {
  readonly irVersion: number;
  /** Versions of the sets of operators, by domain; '' is ONNX's own. */
  readonly opset: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: OnnxGraph;
}

export interface OnnxGraph {
  readonly name: string;
  /** In an order in which each follows those whose outputs it takes. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Without initializers, which IR 3 lists here too. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** What the file tells of hidden tensors, by name. */
  readonly hidden: ReadonlyMap<string, OnnxValue>;
}

export interface OnnxNode {
  readonly op: string;
  /** '' is ONNX's own. */
  readonly domain: string;
  readonly name: string;
  /** Names of tensors; '' is one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** One key says the type: { int: 1 } and { float: 1 } are written differently. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly tensor: OnnxTensor }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  /** Subgraphs, lists of tensors and the like: the attribute's message, unread. */
  | { readonly opaque: Uint8Array };

export interface OnnxTensor {
  readonly name: string;
  /** [] of a single number. */
  readonly shape: readonly number[];
  readonly type: OnnxType;
  /** The elements as raw_data has them, little-endian; [] of texts and of what lies in another file. */
  readonly bytes: Uint8Array;
  readonly texts?: readonly string[];
  /** Where the elements are, of what lies in another file; no length: to its end. */
  readonly external?: { readonly location: string; readonly offset: number; readonly length?: number };
}

/** An input or output. */
export interface OnnxValue {
  readonly name: string;
  /** undefined: no tensor (ZipMap makes lists of dictionaries), or not told. */
  readonly type: OnnxType | undefined;
  /** By dimension its size, its symbol, or undefined where neither is told; undefined as a whole: not even its rank. */
  readonly shape: readonly (number | string | undefined)[] | undefined;
}

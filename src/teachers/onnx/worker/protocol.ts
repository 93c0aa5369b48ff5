/** What a teacher and the worker that runs its graph say to each other; replies come in the order of requests. */

/** Elements as they are passed on; f16 as their bits. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint16Array
  | Uint8Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export interface RawTensor {
  /** In onnxruntime's words: 'float32', 'float16', 'int64' … */
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export type RuntimeName = 'onnxruntime-web' | 'onnxruntime-node';

export type Request =
  /** Makes this model the one that runs, in place of an earlier one. Answers the runtime's version. */
  | {
      readonly kind: 'open';
      readonly runtime: RuntimeName;
      /** Where the runtime's module is, if it isn't to be found as a package. */
      readonly address: string | undefined;
      readonly model: Uint8Array;
      readonly externalFiles: readonly { readonly path: string; readonly data: Uint8Array }[];
    }
  /** Answers the outputs asked for, in their order. */
  | {
      readonly kind: 'run';
      readonly input: string;
      readonly tensor: RawTensor;
      readonly outputs: readonly string[];
    };

export type Reply =
  | { readonly ok: true; readonly version: string; readonly tensors: readonly RawTensor[] }
  | {
      readonly ok: false;
      /** What failed: the runtime isn't there, it refuses the model, or running it went wrong. */
      readonly what: 'absent' | 'refused' | 'failed';
      readonly message: string;
    };

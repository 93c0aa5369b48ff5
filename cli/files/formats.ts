import { encodeInt8Model, encodeModel, type TrainedModel } from 'wasm-distill';
import { exportOnnx, type OnnxExportOptions } from 'wasm-distill/formats';
import { backendsIn } from 'wasm-distill/jobs';
import { INT8 } from './load-models.ts';

/** The formats in which models are written. */
export const FORMATS = ['safetensors', 'onnx', 'int8'] as const;
export type FormatName = (typeof FORMATS)[number];

/** How a model becomes a file. */
interface ModelFormat {
  /** What its name ends with. */
  suffix: string;
  /** What the file says it is: it is replaced by its own kind alone, unless asked. */
  kind: string;
  encode(
    model: TrainedModel,
    metadata: Readonly<Record<string, string>>,
    layout?: OnnxExportOptions['layout'],
  ): Uint8Array;
}

const ONNX = 'wasm-distill onnx';

/** What other programs may want to know of a model's origin and inputs. Of its training only the backends are told, too. */
const TOLD = ['fingerprint', 'table', 'images'];

export const modelFormats: Readonly<Record<FormatName, ModelFormat>> = {
  safetensors: { suffix: '.safetensors', kind: 'wasm-distill', encode: encodeModel },
  onnx: {
    suffix: '.onnx',
    kind: ONNX,
    encode: (model, all, layout) => {
      const metadata = Object.fromEntries(Object.entries(all).filter(([key]) => TOLD.includes(key)));
      const backends = backendsIn(all).join(', ');
      if (backends) metadata.backends = backends;
      return exportOnnx(model, { metadata, ...(layout && { layout }) });
    },
  },
  int8: { suffix: '.int8.safetensors', kind: INT8, encode: encodeInt8Model },
};

/** Where a model's file goes in a format: beside it, or under its name in another place. */
export function besides(path: string, format: FormatName): string {
  return `${path.replace(/\.(safetensors|onnx)$/, '')}${modelFormats[format].suffix}`;
}

/** How ONNX files of ours begin: IR 8, and who made them. */
const BEGINNING = Buffer.concat([Buffer.from([8, 8, 18, 12]), Buffer.from('wasm-distill')]);

/** The kind of an ONNX file, where it is one of ours. */
export function onnxKind(bytes: Uint8Array): string | undefined {
  return BEGINNING.equals(bytes.subarray(0, BEGINNING.length)) ? ONNX : undefined;
}

/** Files: bytes to arrays and back. */

export { type CsvOptions, parseCsv } from '../formats/csv.js';
export { decodeImage, isImage } from '../formats/decode-image.js';
export { gunzip } from '../formats/gzip.js';
export { sha256 } from '../formats/hash.js';
export { type ByteArray, readIdx } from '../formats/idx.js';
export { type ByteImage, convertImage } from '../formats/image.js';
export { parseJsonl } from '../formats/jsonl.js';
export { decodeNpy, encodeNpy } from '../formats/npy.js';
export { encodeNpz, readNpz } from '../formats/npz.js';
export type { NumericArray, NumericData, TextArray } from '../formats/numeric-array.js';
export {
  describeOnnx,
  type OnnxDescription,
  type OnnxLayout,
  type OnnxOutputKind,
} from '../formats/onnx/describe.js';
export { addOnnxOutputs, bypassZipMap, freeOnnxBatch } from '../formats/onnx/edit.js';
export type {
  OnnxAttribute,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxType,
  OnnxValue,
} from '../formats/onnx/model.js';
export { readOnnx } from '../formats/onnx/read.js';
export { type Packages, providePackages } from '../formats/packages.js';
export { type NamedParquet, openParquet, type ParquetFile, readParquet } from '../formats/parquet.js';
export type { Slices } from '../formats/parquet-pages.js';
export { cropImage, resizeImage } from '../formats/resize.js';
export { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../formats/safetensors.js';
export { asNumericArray } from '../formats/safetensors-values.js';
export type { Cell, Table, TableColumn } from '../formats/table.js';
export { exportOnnx, type OnnxExportOptions } from '../nn/onnx/export.js';
export { importOnnx, type OnnxImportOptions } from '../nn/onnx/import/import.js';
export { decodeInt8Model } from '../nn/quantize.js';
export { decodeSoftTargets, encodeSoftTargets } from '../teachers/soft-file.js';
export { decodeCheckpoint, encodeCheckpoint } from '../train/checkpoint.js';

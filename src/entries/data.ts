/** Data sets: making, splitting, augmenting, and scoring predictions on them. */
export { type Augmentation, viewCount, viewsOf } from '../data/augment/index.js';
export type { Column } from '../data/column.js';
export {
  type Dataset,
  type DatasetOptions,
  makeDataset,
  type Samples,
  sampleAt,
} from '../data/dataset.js';
export { concatenate, withoutLabels } from '../data/join.js';
export { grayImages } from '../data/mnist.js';
export type { Order } from '../data/order.js';
export { pairs } from '../data/pairs.js';
export { samplesSha256 } from '../data/samples-hash.js';
export { select, take } from '../data/select.js';
export { type Split, type SplitLabels, type SplitPlaces, split, splitPlaces } from '../data/split.js';
export { loadStream, type ReadControl, type SampleStream, someOf } from '../data/stream.js';
export { score } from '../evaluate/evaluate.js';
export type { AnyModel, ExternalModel } from '../evaluate/external.js';
export { type ImportanceOptions, permutationImportance } from '../evaluate/importance.js';
export { Predictor } from '../evaluate/predictor.js';
export { standardize } from '../nn/standardize.js';
export { type ArrayDataset, type ArrayDatasetOptions, arrayDataset } from '../sources/array-dataset.js';
export type { Source } from '../sources/bytes-of.js';
export type { FolderFile, ImageEntry, ImageFolder, Part } from '../sources/image-folder.js';
export {
  type LoadArraysOptions,
  type LoadNpyOptions,
  loadNpy,
  loadSafetensors,
} from '../sources/load-arrays.js';
export {
  type Folder,
  findImages,
  type LoadImagesOptions,
  loadImages,
  type StreamImagesOptions,
  streamImages,
} from '../sources/load-images.js';
export {
  type LoadParquetOptions,
  loadParquet,
  type OpenedParquet,
  openParquetFile,
  type ParquetSource,
} from '../sources/load-parquet.js';
export { type LoadTableOptions, loadTable, type ReadTableOptions, readTable } from '../sources/load-table.js';
export type { ArrayNames } from '../sources/named-arrays.js';
export type { PictureOptions } from '../sources/pictures.js';
export { type StreamNpyOptions, streamNpy } from '../sources/stream-npy.js';
export { streamParquet } from '../sources/stream-parquet.js';
export {
  selectRows,
  type TableDataset,
  type TableDatasetOptions,
  type TableReading,
  tableDataset,
} from '../sources/table-dataset.js';

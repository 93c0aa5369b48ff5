import { readFileSync } from 'node:fs';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { DistillError } from '#library/errors.js';
import { parseCsv } from '#library/formats/csv.js';
import { gunzip } from '#library/formats/gzip.js';
import { parseIdx } from '#library/formats/idx.js';
import { inflate } from '#library/formats/inflate.js';
import { decodeJpeg } from '#library/formats/jpeg/decode.js';
import { parseJsonl } from '#library/formats/jsonl.js';
import { decodeNpy } from '#library/formats/npy.js';
import { readNpz } from '#library/formats/npz.js';
import { describeOnnx } from '#library/formats/onnx/describe.js';
import { addOnnxOutputs, bypassZipMap, freeOnnxBatch } from '#library/formats/onnx/edit.js';
import { numbersOf } from '#library/formats/onnx/numbers.js';
import { readOnnx } from '#library/formats/onnx/read.js';
import { readParquet } from '#library/formats/parquet.js';
import { decodePng } from '#library/formats/png/decode.js';
import { decodeSafetensors, encodeSafetensors, f32Tensor } from '#library/formats/safetensors.js';
import { asNumericArray } from '#library/formats/safetensors-values.js';
import { readZip } from '#library/formats/zip.js';
import { importOnnx } from '#library/nn/onnx/import/import.js';
import { tableDataset } from '#library/sources/table-dataset.js';
import { utf8 } from './faults.js';
import { bytesOf, goldenImages } from './golden-images.js';
import { importableFile, onnxFiles } from './onnx-files.js';
import { huggingFaceFile } from './parquet.js';
import { withChecksums } from './png.js';

/** A reader of files that must answer any bytes with a result or a DistillError. */
export interface Parser {
  parse: (bytes: Uint8Array) => unknown;
  /** Valid files, which the fuzzer damages. */
  valid: () => readonly Uint8Array[];
}

const fixture = (path: string) => new Uint8Array(readFileSync(`test/fixtures/${path}`));
const fail = (found: string) => new DistillError('bad-file', found);
const text = 'a,"b ""c""",d\n1,-2.5,x\n"y\n",3e5,\n007,\u00e4,1\n';

/** All parsers of src/formats: each file there that reads bytes has a row here. */
export const parsers: Readonly<Record<string, Parser>> = {
  csv: {
    parse: (bytes) => parseCsv(bytes, 'x.csv'),
    valid: () => [
      utf8(text),
      utf8('2;3;cat;dog\n1;2;3;0\n4;5;6;1\n'),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
    ],
  },
  gzip: {
    parse: (bytes) => gunzip(bytes, 'x.gz'),
    valid: () => [gzipSync(text), Buffer.concat([gzipSync(text), gzipSync(text.repeat(20))])],
  },
  idx: {
    parse: (bytes) => parseIdx(bytes, 'x'),
    valid: () => [Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 5, 6)],
  },
  inflate: {
    parse: (bytes) => inflate(bytes, { from: 0, expected: 0, most: 2 ** 20, fail }),
    valid: () => [
      deflateRawSync(text.repeat(20)),
      deflateRawSync(text, { level: 0 }),
      deflateRawSync('aaaaaaaaa'),
    ],
  },
  jpeg: {
    parse: (bytes) => decodeJpeg(bytes, 'x.jpg'),
    valid: () => goldenImages.jpeg.map(({ file }) => bytesOf(file)),
  },
  jsonl: {
    parse: (bytes) => parseJsonl(bytes, 'x'),
    valid: () => [utf8('{"a": 1, "b": "x"}\n{"b": [1, [2]], "c": true}\n'), utf8('[{"a": 1}, {"a": null}]')],
  },
  npy: {
    parse: (bytes) => decodeNpy(bytes, 'x'),
    valid: () =>
      ['f2', 'fortran', 'unicode', 'version2', 'big-i8'].map((name) => fixture(`arrays/${name}.npy`)),
  },
  npz: {
    parse: (bytes) => [...readNpz(bytes, 'x').values()].map((array) => array()),
    valid: () => ['stored', 'deflated', 'piped'].map((name) => fixture(`arrays/${name}.npz`)),
  },
  onnx: {
    parse: (bytes) => {
      const model = readOnnx(bytes, 'x.onnx');
      for (const edited of [freeOnnxBatch(bytes, 'x.onnx'), bypassZipMap(bytes, 'x.onnx')])
        readOnnx(edited, 'x.onnx');
      const { hidden } = describeOnnx(model, 'x.onnx');
      readOnnx(
        addOnnxOutputs(
          bytes,
          hidden.slice(0, 2).map(({ name }) => name),
          'x.onnx',
        ),
        'x.onnx',
      );
      for (const tensor of model.graph.initializers.values())
        if (!tensor.texts && !tensor.external) numbersOf(tensor, 'x.onnx');
    },
    valid: onnxFiles,
  },
  'onnx as layers': {
    parse: (bytes) => importOnnx(bytes, 'x.onnx'),
    valid: () => [importableFile()],
  },
  parquet: {
    parse: (bytes) => readParquet([{ name: 'x.parquet', file: bytes }]),
    valid: () => [
      huggingFaceFile([Uint8Array.of(1, 2), null, Uint8Array.of()], [1, 0, 1], ['cat', 'dog']),
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'x', data: [0.5, 1, 2, 3], type: 'DOUBLE' },
            { name: 'word', data: ['a', 'b', 'a', null], type: 'STRING' },
          ],
        }),
      ),
    ],
  },
  png: {
    parse: (bytes) => decodePng(bytes, 'x.png'),
    valid: () => goldenImages.png.map(({ file }) => bytesOf(file)),
  },
  'png behind its checksums': {
    parse: (bytes) => decodePng(withChecksums(bytes), 'x.png'),
    valid: () => goldenImages.png.map(({ file }) => bytesOf(file)),
  },
  safetensors: {
    parse: (bytes) => [...decodeSafetensors(bytes, 'x').tensors.values()].map((t) => asNumericArray(t, 'x')),
    valid: () => [
      encodeSafetensors([f32Tensor('a', [2], Float32Array.of(1, 2))], { b: 'c' }),
      encodeSafetensors(
        (['F4', 'F8_E4M3', 'F8_E5M2', 'BF16', 'I64'] as const).map((dtype, i) => {
          const bytes = [1, 2, 2, 4, 16][i]!;
          return { name: dtype, dtype, shape: [2], bytes: new Uint8Array(bytes) };
        }),
      ),
    ],
  },
  'a data set of a table': {
    parse: (bytes) => tableDataset(parseCsv(bytes, 'x.csv'), { missing: 'mean' }),
    valid: () => [utf8('a,b,label\n1,-2.5,x\n,3e5,y\n?,1,\n'), utf8('2;3;cat;dog\n1;2;3;0\n4;5;6;1\n')],
  },
  zip: {
    parse: (bytes) => readZip(bytes, 'x').map((entry) => entry.read()),
    valid: () => [fixture('arrays/stored.npz'), fixture('arrays/deflated.npz')],
  },
};

import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { DistillError, decodeModel, type TrainedModel } from 'wasm-distill';
import { decodeInt8Model, decodeSafetensors } from 'wasm-distill/formats';
import type { Context } from '../context.ts';
import { besides, type FormatName, modelFormats } from '../files/formats.ts';
import { INT8 } from '../files/load-models.ts';
import { writeFormat } from '../files/replace.ts';
import { isFolder, read } from '../files/run-files.ts';
import { isSameFile } from '../files/targets.ts';
import { json } from '../format/json.ts';
import { count } from '../format/numbers.ts';
import { understood } from '../onnx/import.ts';
import { readOnnxModel } from '../onnx/model.ts';
import { checkOnnxOptions, isOnnx } from '../onnx/teacher.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';
import type { ExportedFile } from '../report/report.ts';
import type { Progress } from '../terminal/progress.ts';
import { table } from '../terminal/table.ts';

const OPTIONS = [
  'format',
  'layout',
  'teacherMean',
  'teacherStd',
  'out',
  'force',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill export runs/distill-seed1/student.safetensors                 student.onnx beside it
  wasm-distill export student.safetensors --format onnx,int8 --out release
  wasm-distill export student.safetensors --layout nhwc --out student-nhwc.onnx
  wasm-distill export resnet.onnx                                            resnet.safetensors, to be trained on
  wasm-distill export resnet.onnx --teacher-mean 0.49,0.48,0.45 --teacher-std 0.25,0.24,0.26

ONNX is for other programs: opset 17, IR 8, float32. Its input takes what the data set holds, bytes 0 to 255 as they are, as
normalization is inside; logits and probabilities come out, for any number of samples at once. int8 is for
wasm-distill/infer, as \`quantize\` makes it, which also counts its errors. ONNX files of small networks (convolutions, dense
layers, pools, batch norm, sums and joins of branches) are read, too: as safetensors they go wherever own models do.`;

interface Source {
  path: string;
  model: TrainedModel;
  metadata: Record<string, string>;
}

/** A file to be written. */
interface Target {
  source: Source;
  format: FormatName;
  file: string;
}

export function exportCommand(program: Command, context: Context): void {
  const command = program
    .command('export')
    .summary('models as ONNX, with 8-bit weights, or from ONNX')
    .description(
      'Writes models in other formats: ONNX for other programs, 8-bit weights for wasm-distill/infer, and small ONNX graphs as models that can be trained on.',
    )
    .argument('<models...>', 'safetensors files of wasm-distill, or small ONNX files')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, {
    format: {
      help: 'safetensors, onnx or int8 (8-bit weights), or several with commas between (default: onnx, of an ONNX file safetensors)',
    },
    teacherMean: {
      help: 'what a given ONNX model has subtracted from values (of images: of bytes / 255), one number or one for each channel, with commas between (default: 0)',
    },
    layout: { help: 'how the ONNX file of a model of images takes them: nchw or nhwc (default: nchw)' },
    out: {
      flags: '--out <path>',
      help: 'the file to write, or the folder for several (default: beside each model, under its name)',
    },
  });
  command.action((paths, raw) => run(paths, readOptions(OPTIONS, raw), context));
}

type Options = Settings<(typeof OPTIONS)[number]>;

async function run(paths: readonly string[], options: Options, { progress }: Context): Promise<void> {
  checkOnnxOptions(options, paths);
  const sources: Source[] = [];
  for (const path of paths) sources.push(await sourceOf(await read(path), path, options, progress));
  const targets = await targetsOf(sources, options);
  await checkTargets(targets);
  const written: (ExportedFile & { model: string })[] = [];
  for (const { source, format, file } of targets) {
    const { kind, encode } = modelFormats[format];
    const length = await writeFormat(file, kind, { force: options.force, progress }, async () => {
      const bytes = encode(source.model, source.metadata, options.layout);
      return { bytes, made: bytes.length };
    });
    written.push({ model: source.path, format, file, bytes: length });
  }
  progress.close();
  const rows = () => written.map(({ format, file, bytes }) => [file, format, count(bytes)]);
  process.stdout.write(
    options.json ? json({ files: written }) : `${table(['file', 'format', 'bytes'], rows())}\n`,
  );
}

/** A model's numbers, those of 8 bits as floats; of ONNX, what can be made of layers of ours. */
async function sourceOf(
  bytes: Uint8Array,
  path: string,
  options: Options,
  progress: Progress,
): Promise<Source> {
  if (isOnnx(path)) {
    const source = await readOnnxModel(bytes, path, options);
    progress.say(`${path}: ${understood(source.model)}`);
    return { path, ...source };
  }
  if (decodeSafetensors(bytes, path).metadata.format !== INT8) return { path, ...decodeModel(bytes, path) };
  // It isn't what a training has made any more: the training's key would say so.
  const { model, metadata } = decodeInt8Model(bytes, path);
  const { fingerprint: _, job: _job, history: _history, ...others } = metadata;
  return { path, model, metadata: others };
}

async function targetsOf(sources: readonly Source[], { format, out }: Options): Promise<Target[]> {
  const isOne = sources.length === 1 && (format ?? ['default']).length === 1;
  const isFile = out !== undefined && isOne && !/[\\/]$/.test(out) && !(await isFolder(out));
  return sources.flatMap((source) =>
    (format ?? [isOnnx(source.path) ? 'safetensors' : 'onnx']).map((name) => {
      const beside = besides(source.path, name);
      const file = out === undefined ? beside : isFile ? out : join(out, basename(beside));
      return { source, format: name, file };
    }),
  );
}

/** Before anything is written. @throws DistillError 'bad-argument' */
async function checkTargets(targets: readonly Target[]): Promise<void> {
  const taken = new Map<string, Target>();
  for (const target of targets) {
    const { file, source } = target;
    const other = taken.get(resolve(file));
    if (other)
      throw new DistillError(
        'bad-argument',
        `${other.source.path} and ${source.path} would both become ${file}: export one after the other, each with its own --out`,
      );
    taken.set(resolve(file), target);
    for (const { source: from } of targets)
      if (await isSameFile(file, from.path))
        throw new DistillError('bad-argument', `${file} is a model to be exported: give another --out`);
  }
}

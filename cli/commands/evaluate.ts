import type { Command } from 'commander';
import { DistillError, type Engine } from 'wasm-distill';
import { type Context, environment, withEngine } from '../context.ts';
import { DATA_OPTIONS, SIZE_HELP } from '../data/ask.ts';
import { loadTests } from '../data/load.ts';
import { type Data, likeOfModel } from '../data/reader.ts';
import { outlineOf } from '../data/stream.ts';
import { type Costs, costsOf, costsOfOnnx, sumOf } from '../evaluation/costs.ts';
import { evaluateAny } from '../evaluation/evaluate-any.ts';
import { type AnyModel, architectureOf, loadAnyModels, type OwnModel } from '../files/load-models.ts';
import { json } from '../format/json.ts';
import { counted } from '../format/numbers.ts';
import { checkOnnxOptions, isOnnx, ONNX_OPTIONS, type OnnxOptions, openOnnx } from '../onnx/teacher.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';
import { balanced } from '../report/balanced.ts';
import { resultsTable } from '../report/table.ts';
import { CLASSES_HELP, type ClassOptions, fitClasses } from '../training/fit-classes.ts';

const OPTIONS = [
  ...DATA_OPTIONS.filter((name) => name !== 'val'),
  ...ONNX_OPTIONS,
  'teacherClasses',
  'dropClasses',
  'threads',
  'backend',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill evaluate runs/distill-seed1/student.safetensors
  wasm-distill evaluate runs/distill-seed1/teacher-*.safetensors    each of them, and their ensemble
  wasm-distill evaluate student.safetensors --json
  wasm-distill evaluate teacher.onnx --data photos --teacher-mean 0.485,0.456,0.406 --teacher-std 0.229,0.224,0.225`;

export function evaluateCommand(program: Command, context: Context): void {
  const command = program
    .command('evaluate')
    .summary('count the errors of saved models on the test images')
    .description(
      'Counts the errors of saved models on the test images; of several models also those of their ensemble, which averages their probabilities.',
    )
    .argument('<models...>', 'safetensors files of wasm-distill, f32 or 8-bit, and ONNX models')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, { size: { help: SIZE_HELP }, teacherClasses: { help: CLASSES_HELP } });
  command.action((paths, raw) => run(paths, readOptions(OPTIONS, raw), context));
}

async function run(
  paths: string[],
  options: Settings<(typeof OPTIONS)[number]>,
  context: Context,
): Promise<void> {
  checkOnnxOptions(options, paths);
  const own = await loadAnyModels(paths.filter((path) => !isOnnx(path)));
  const report = await withEngine(options, async (engine) => {
    const [first] = own;
    const like = first && likeOfModel(first, architectureOf(first).input.shape);
    const { test, facts } = await loadTests(options, context, like ?? {});
    const loaded: AnyModel[] = [];
    try {
      for (const file of paths)
        loaded.push(
          isOnnx(file)
            ? await opened(file, options, test, context)
            : await fitted(own.shift()!, options, test, context),
        );
      return {
        data: facts,
        environment: environment(engine),
        ...(await count(engine, loaded, test, facts.imbalanced ?? false, context)),
        testSize: test.size,
      };
    } finally {
      for (const one of loaded) if ('onnx' in one) await one.onnx.close();
    }
  });
  context.progress.close();
  const { models, ensemble, testSize } = report;
  const results = models.map(({ file, ...model }) => ({ ...model, name: file }));
  const shown = ensemble
    ? [...results, { ...ensemble, name: `ensemble of ${models.length}`, relativeCost: 1 }]
    : results;
  process.stdout.write(options.json ? json(report) : `${resultsTable(shown, testSize)}\n`);
}

/** A model of ours, with the classes of the samples that it will be asked about. @throws DistillError 'mismatch' */
async function fitted(
  one: OwnModel,
  options: ClassOptions,
  test: Data,
  { progress }: Context,
): Promise<OwnModel> {
  const { file, classNames } = one;
  const data = outlineOf(test);
  if ('model' in one) return { ...one, model: await fitClasses(file, one.model, data, options, progress) };
  if (data.classNames && classNames && data.classNames.join('\n') !== classNames.join('\n'))
    throw new DistillError(
      'mismatch',
      `${file}: its classes are others than those of the data, or in another order, and 8-bit models stay as they are: evaluate it alone, or the model that it was made of`,
    );
  return one;
}

/** An ONNX model, for the samples that it will be asked about. */
async function opened(
  file: string,
  options: OnnxOptions & ClassOptions,
  test: Data,
  { progress, controller: { signal } }: Context,
): Promise<AnyModel> {
  const { inputs: samples } = outlineOf(test);
  const onnx = await openOnnx(file, options, { samples, progress, signal });
  return { file, onnx, fitted: await fitClasses(file, onnx, outlineOf(test), options, progress) };
}

/** Errors and confusions of each model and, if there are several, of all together. */
async function count(
  engine: Engine,
  loaded: AnyModel[],
  test: Data,
  imbalanced: boolean,
  { progress, controller: { signal } }: Context,
) {
  const groups = [...loaded.map((one) => [one]), ...(loaded.length > 1 ? [loaded] : [])];
  const bar = progress.start('evaluation', groups.length * test.size);
  const results: {
    parameters?: number;
    testErrors: number;
    confusion: number[][];
    balancedAccuracy?: number;
  }[] = [];
  for (const [i, group] of groups.entries()) {
    const onProgress = ({ samples }: { samples: number }) => bar.update(i * test.size + samples);
    const { errors, confusion } = await evaluateAny(engine, group, test, { signal, onProgress });
    const parameters = sumOf(group.map((one) => costs(one).parameters));
    const known = parameters !== undefined && { parameters };
    results.push({ ...known, testErrors: errors, ...balanced(imbalanced, confusion), confusion });
  }
  bar.done(counted(test.size, 'test sample'));
  const all = loaded.map(costs);
  const whole = sumOf(all.map(({ multiplyAdds }) => multiplyAdds));
  const models = all.map(({ layers, multiplyAdds }, i) => ({
    ...{ file: loaded[i]!.file, layers, ...results[i]! },
    ...(loaded.length > 1 && whole !== undefined && { relativeCost: multiplyAdds! / whole }),
  }));
  return { models, ensemble: results[loaded.length] };
}

function costs(one: AnyModel): Costs {
  return 'onnx' in one ? costsOfOnnx(one.onnx) : costsOf(architectureOf(one));
}

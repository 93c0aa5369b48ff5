import type { Command } from 'commander';
import { countParameters, type Engine, multiplyAdds } from 'wasm-distill';
import { type Context, environment, withEngine } from '../context.ts';
import { DATA_OPTIONS, SIZE_HELP } from '../data/ask.ts';
import { loadTests } from '../data/load.ts';
import { type Data, likeOfModel } from '../data/reader.ts';
import { evaluateAny } from '../evaluation/evaluate-any.ts';
import { type AnyModel, architectureOf, loadAnyModels } from '../files/load-models.ts';
import { json } from '../format/json.ts';
import { counted } from '../format/numbers.ts';
import { addOptions, type OptionName, readOptions, type Settings } from '../options/options.ts';
import { balanced } from '../report/balanced.ts';
import { ensembleCost, layersOf } from '../report/build.ts';
import { resultsTable } from '../report/table.ts';

const OPTIONS = [
  ...DATA_OPTIONS.filter((name) => name !== 'val'),
  'threads',
  'json',
] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill evaluate runs/distill-seed1/student.safetensors
  wasm-distill evaluate runs/distill-seed1/teacher-*.safetensors    each of them, and their ensemble
  wasm-distill evaluate student.safetensors --json`;

export function evaluateCommand(program: Command, context: Context): void {
  const command = program
    .command('evaluate')
    .summary('count the errors of saved models on the test images')
    .description(
      'Counts the errors of saved models on the test images; of several models also those of their ensemble, which averages their probabilities.',
    )
    .argument('<models...>', 'safetensors files of wasm-distill, f32 or 8-bit')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS, { size: { help: SIZE_HELP } });
  command.action((paths, raw) => run(paths, readOptions(OPTIONS, raw), context));
}

async function run(
  paths: string[],
  options: Settings<(typeof OPTIONS)[number]>,
  context: Context,
): Promise<void> {
  const loaded = await loadAnyModels(paths);
  const report = await withEngine(options.threads, async (engine) => {
    const [first] = loaded as [AnyModel];
    const like = likeOfModel(first, architectureOf(first).input.shape);
    const { test, facts } = await loadTests(options, context, like);
    return {
      data: facts,
      environment: environment(engine),
      ...(await count(engine, loaded, test, facts.imbalanced ?? false, context)),
      testSize: test.size,
    };
  });
  context.progress.close();
  const { models, ensemble, testSize } = report;
  const results = models.map(({ file, ...model }) => ({ ...model, name: file }));
  const shown = ensemble
    ? [...results, { ...ensemble, name: `ensemble of ${models.length}`, relativeCost: 1 }]
    : results;
  process.stdout.write(options.json ? json(report) : `${resultsTable(shown, testSize)}\n`);
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
    parameters: number;
    testErrors: number;
    confusion: number[][];
    balancedAccuracy?: number;
  }[] = [];
  for (const [i, group] of groups.entries()) {
    const onProgress = ({ samples }: { samples: number }) => bar.update(i * test.size + samples);
    const { errors, confusion } = await evaluateAny(engine, group, test, { signal, onProgress });
    const parameters = group.reduce((sum, one) => sum + countParameters(architectureOf(one)), 0);
    results.push({ parameters, testErrors: errors, ...balanced(imbalanced, confusion), confusion });
  }
  bar.done(counted(test.size, 'test sample'));
  const architectures = loaded.map(architectureOf);
  const whole = ensembleCost(architectures.map((architecture) => ({ architecture })));
  const models = architectures.map((architecture, i) => ({
    file: loaded[i]!.file,
    layers: layersOf(architecture),
    ...results[i]!,
    ...(loaded.length > 1 && { relativeCost: multiplyAdds(architecture) / whole }),
  }));
  return { models, ensemble: results[loaded.length] };
}

import { type Architecture, type Dataset, DistillError, type LayerSpec, startFrom } from 'wasm-distill';
import { checkFits } from 'wasm-distill/graph';
import { startFromOnnx } from '../onnx/import.ts';
import { isOnnx } from '../onnx/teacher.ts';
import type { Settings } from '../options/options.ts';
import type { Progress } from '../terminal/progress.ts';
import { type GivenNetwork, givenModel } from './teachers.ts';

/** The model that students start from: one of ours, or an ONNX model of such layers. */
export async function startOf(
  { from, teacherMean, teacherStd }: Partial<Settings<'from' | 'teacherMean' | 'teacherStd'>>,
  { inputs }: Pick<Dataset, 'inputs'>,
  progress: Progress,
): Promise<GivenNetwork | undefined> {
  if (from === undefined) return undefined;
  const kind = inputs.values.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'floats';
  return isOnnx(from) ? startFromOnnx(from, { teacherMean, teacherStd }, kind, progress) : givenModel(from);
}

/** The network of a model for other data: its layers, with as many units at the end as the data have classes. */
export function networkLike({ file, model: { architecture } }: GivenNetwork, data: Dataset): Architecture {
  const { input, layers } = architecture;
  const last = layers.at(-1)!;
  if (!('dense' in last))
    throw new DistillError(
      'mismatch',
      `--from ${file}: its last layer isn't dense, so that it can't be fitted to other classes: name a network`,
    );
  const adapted: LayerSpec = { ...last, dense: data.classes };
  const made = { input, layers: [...layers.slice(0, -1), adapted] };
  checkFits(made, { shape: data.inputs.shape, classes: data.classes });
  return made;
}

/** A network for the inputs that the model's weights know: with its normalization, where samples are of one kind. */
export function withInputOf(
  { model }: GivenNetwork,
  architecture: Architecture,
  { inputs }: Pick<Dataset, 'inputs'>,
): Architecture {
  const { input } = model.architecture;
  const kind = inputs.values.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'floats';
  const known = input.shape.join() === architecture.input.shape.join() && (input.values ?? kind) === kind;
  return known ? { ...architecture, input } : architecture;
}

/** Says what is taken over from a model, and what begins anew. @throws DistillError 'mismatch' if no layer fits. */
export function sayStart(
  progress: Progress,
  { file, model }: GivenNetwork,
  architecture: Architecture,
  { classNames }: Dataset,
): void {
  const { taken, fresh } = startFrom(model, architecture, { classNames });
  const anew = fresh.length > 0 ? `, what begins anew ${layers(fresh)}` : '';
  progress.say(`from ${file}: what goes on is ${layers(taken)}${anew}`);
}

/** "the layers 0, 2" */
function layers(paths: readonly string[]): string {
  return `${paths.length === 1 ? 'the layer' : 'the layers'} ${paths.join(', ')}`;
}

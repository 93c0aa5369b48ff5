import { intOf, intsOf, textOf } from '../../../formats/onnx/attributes.js';
import { withLayer } from './branch.js';
import { imageForm } from './form.js';
import { imageSizeOf, type Rule, type Step } from './step.js';

/** Images become a whole number of times as large, each pixel repeated; what else it can isn't a layer. */
export const resize: Rule = (step) => {
  const { branch } = step;
  const size = imageSizeOf(step);
  if (!repeats(step))
    throw step.refused(
      'makes images of another size otherwise than by repeating pixels, for which there is no layer',
    );
  const [down, across] = factorsOf(step, size);
  const form = imageForm([size[0] * down!, size[1] * across!, branch.form.axes[2]!]);
  return withLayer(branch, { upsample: down === across ? down! : [down!, across!] }, form);
};

/** Whether by whole factors the nearest pixel is the one that is repeated there. */
function repeats({ node, file }: Step): boolean {
  if (textOf(node, 'mode', 'nearest', file) !== 'nearest') return false;
  const text = (name: string, usual: string) => textOf(node, name, usual, file);
  // Of opset 10: the size, and nothing else.
  const [usual, rounded] =
    node.inputs.length === 2 ? ['asymmetric', 'floor'] : ['half_pixel', 'round_prefer_floor'];
  const places = text('coordinate_transformation_mode', usual!);
  const nearest = text('nearest_mode', rounded!);
  if (places === 'asymmetric') return nearest === 'floor';
  return /half_pixel/.test(places) && /^round_/.test(nearest);
}

function factorsOf(step: Step, size: readonly number[]): readonly number[] {
  const { node, file } = step;
  const stretches = textOf(node, 'keep_aspect_ratio_policy', 'stretch', file) === 'stretch';
  const channels = step.branch.form.axes[2]!;
  const places = node.inputs.length === 2 ? 1 : 2;
  const scales = node.inputs[places] ? step.numbers(places) : undefined;
  const sizes = node.inputs[3] ? step.integers(3) : undefined;
  const all = scales
    ? Array.from(scales.data, Number)
    : sizes?.map((length, k) => length / ([length, channels, ...size][k] ?? Number.NaN));
  const [batch, depth, ...factors] = all ?? [];
  const isWhole = factors.length === 2 && factors.every((factor) => Number.isInteger(factor) && factor >= 1);
  const alone = scales ? batch === 1 : batch === 1 || Number.isNaN(batch);
  if (
    !isWhole ||
    !alone ||
    depth !== 1 ||
    !stretches ||
    intsOf(node, 'axes', file) ||
    intOf(node, 'antialias', 0, file)
  )
    throw step.refused(
      'makes images otherwise larger than by whole factors of height and width that are in the file',
    );
  return factors;
}

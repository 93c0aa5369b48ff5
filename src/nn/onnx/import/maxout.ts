import { intOf, intsOf } from '../../../formats/onnx/attributes.js';
import type { OnnxNode } from '../../../formats/onnx/model.js';
import { type Branch, withLayer } from './branch.js';
import { asRow } from './elementwise.js';
import { type Form, inOwnOrder, isImage, onnxShape, ownShape, plain, rowForm } from './form.js';
import { sizesOf } from './shape-rules.js';
import type { Step } from './step.js';

/** Whether a node divides channels into groups, for the next one to take their maxima. */
export function isMaxout({ op, domain }: OnnxNode, next: OnnxNode | undefined): boolean {
  return op === 'Reshape' && domain === '' && next?.op === 'ReduceMax' && next.domain === '';
}

/** The maximum of each group of consecutive channels, by two nodes: channels become [groups, pieces], and one is left of the pieces. */
export function maxout(groups: Step, maxima: Step): Branch {
  const branch = isImage(groups.branch.form) ? groups.branch : asRow(groups.branch);
  const { form } = branch;
  const wanted = groups.integers(1);
  if (!wanted) throw groups.refused('takes a shape that is computed');
  const [first, pieces, ...rest] = sizesOf(groups, wanted);
  const channels = ownShape(form).at(-1)!;
  const isRow = ownShape(form).length === 1 && form.dims.length === 1 && inOwnOrder(form);
  const others = onnxShape(form).slice(1);
  const { node, file } = maxima;
  const axes = intsOf(node, 'axes', file) ?? maxima.integers(1) ?? [];
  const places = axes.map((axis) => (axis < 0 ? axis + rest.length + 3 : axis));
  if (
    !(isRow || isImage(form)) ||
    pieces === undefined ||
    first! * pieces !== channels ||
    rest.join() !== others.join() ||
    places.join() !== '2'
  )
    throw maxima.refused(
      'is known of groups of consecutive channels alone, behind the Reshape that makes them',
    );
  const keeps = intOf(node, 'keepdims', 1, file) === 1;
  const made: Form = isRow ? rowForm(first!) : plain({ ...form, axes: [...form.axes.slice(0, -1), first!] });
  const [channel, ...behind] = made.dims;
  const dims = keeps ? [channel!, [], ...behind] : made.dims;
  return withLayer(branch, { maxout: pieces }, { ...made, dims });
}

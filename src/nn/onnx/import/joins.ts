import {
  type Form,
  imageForm,
  inOwnOrder,
  isImage,
  ownShape,
  plain,
  rowForm,
  sameDims,
  wholeDim,
} from './form.js';

/** The form of a sum of tensors; undefined if they don't lie alike. */
export function summed(forms: readonly Form[]): Form | undefined {
  const [first] = forms;
  if (!first || forms.every((form) => isSame(form, first))) return first;
  const [count, ...more] = ownShape(first);
  const [rank, at] = [first.dims.length, wholeDim(first)];
  const areRows =
    more.length === 0 && at !== undefined && forms.every((form) => isRowOf(form, count!, rank, at));
  return areRows ? rowForm(count!, rank, at) : undefined;
}

/** A row that is counted as ours are, whatever it was before. */
function isRowOf(form: Form, count: number, rank: number, at: number): boolean {
  return (
    ownShape(form).join() === String(count) &&
    form.dims.length === rank &&
    wholeDim(form) === at &&
    inOwnOrder(form)
  );
}

function isSame(a: Form, b: Form): boolean {
  return a.flat === b.flat && a.axes.join() === b.axes.join() && sameDims(a.dims, b.dims);
}

/** The form of tensors joined along the channels; undefined if `axis` (of ONNX's, the batch is 0) isn't theirs. */
export function concatenated(forms: readonly Form[], axis: number): Form | undefined {
  const [first] = forms;
  if (!first) return undefined;
  const channels = forms.reduce((sum, form) => sum + ownShape(form).at(-1)!, 0);
  const rank = first.dims.length;
  const areRows = forms.every(
    (form) =>
      ownShape(form).length === 1 &&
      form.dims.length === rank &&
      wholeDim(form) === axis - 1 &&
      inOwnOrder(form),
  );
  if (areRows) return rowForm(channels, rank, axis - 1);
  const [height, width] = first.axes;
  const axes = [height!, width!, channels];
  const fit = forms.every((form) => form.axes[0] === height && form.axes[1] === width);
  if (fit && axis === 1 && forms.every(isImage)) return imageForm(axes);
  return fit && axis === 3 && forms.every(isTurned) ? turnedForm(axes) : undefined;
}

/** Images with the channels last, as ONNX's operators don't take them but Transpose makes them. */
function turnedForm(axes: readonly number[]): Form {
  return plain({ axes, flat: false, dims: [[0], [1], [2]] });
}

function isTurned(form: Form): boolean {
  return form.axes.length === 3 && !form.flat && sameDims(form.dims, turnedForm(form.axes).dims);
}

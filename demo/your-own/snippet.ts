import type { Dataset, TrainedModel } from 'wasm-distill';

/** Up to how many numbers an input is written out. */
const MOST_WRITTEN = 16;

/** Five lines that run the student where there is no page: what its saved file is good for. */
export function snippetFor({ classNames }: TrainedModel, { inputs }: Dataset): string {
  const answer = classNames ? 'student.classNames[label]' : 'label';
  return [
    "import { load } from 'wasm-distill/infer';",
    "const student = await load('student.safetensors');",
    inputLine(inputs),
    'const { label, probabilities } = student.predict(input);',
    `console.log(${answer}, probabilities[label]);`,
  ].join('\n');
}

function inputLine({ shape, values }: Dataset['inputs']): string {
  const count = shape.reduce((product, n) => product * n, 1);
  const bytes = values.BYTES_PER_ELEMENT === 1;
  if (count > MOST_WRITTEN) {
    const range = bytes ? ', each from 0 to 255' : '';
    return `const input = new ${bytes ? 'Uint8Array' : 'Float32Array'}(${count}); // ${shape.join(' × ')}, row by row${range}`;
  }
  const numbers = Array.from(values.subarray(0, count), short).join(', ');
  return `const input = ${bytes ? 'Uint8Array' : 'Float32Array'}.of(${numbers});`;
}

/** With as many digits as tell an f32 from all others. */
function short(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(value);
}

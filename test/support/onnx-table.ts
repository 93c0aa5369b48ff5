import { numbers } from './onnx-graphs.ts';

/** The classes that the perceptron of onnx-graphs gives rows of four numbers. */
export function perceptronClasses(values: Float32Array): number[] {
  const [w1, b1, w2, b2] = [numbers(32, 1), numbers(8, 2), numbers(24, 3), numbers(3, 4)];
  return Array.from({ length: values.length / 4 }, (_, i) => {
    const hidden = Array.from({ length: 8 }, (_, k) =>
      Math.max(
        0,
        [0, 1, 2, 3].reduce((sum, j) => sum + values[i * 4 + j]! * w1[j * 8 + k]!, b1[k]!),
      ),
    );
    const logits = [0, 1, 2].map((c) => hidden.reduce((sum, h, j) => sum + h * w2[j * 3 + c]!, b2[c]!));
    return logits.indexOf(Math.max(...logits));
  });
}

/** A table of such rows with the names of their classes. */
export function perceptronTable(rows: number, names: readonly string[], seed = 9): string {
  const values = numbers(4 * rows, seed).map((v) => 3 * v);
  const lines = perceptronClasses(values).map(
    (label, i) => `${[...values.subarray(4 * i, 4 * i + 4)].join(',')},${names[label]}`,
  );
  return `a,b,c,d,class\n${lines.join('\n')}\n`;
}

import type { OnnxLayout } from '../../formats/onnx/describe.js';
import { ONNX_FORMAT, type OnnxValue } from '../../formats/onnx/model.js';
import { classesOf } from '../architecture.js';
import { checkClassNames } from '../metadata.js';
import type { TrainedModel } from '../model-file.js';

/** The metadata of an exported model: what its input is, and the names of its classes in the two usual forms. */
export function metadataOfOnnx(
  { architecture, classNames }: TrainedModel,
  input: OnnxValue,
  layout: OnnxLayout,
): Record<string, string> {
  checkClassNames(classNames, classesOf(architecture));
  const { shape, values = 'floats' } = architecture.input;
  return {
    format: ONNX_FORMAT,
    input: JSON.stringify({
      name: input.name,
      shape: input.shape,
      ...(shape.length === 3 && { layout }),
      values,
    }),
    ...(classNames && { names: dictionary(classNames), classNames: JSON.stringify(classNames) }),
  };
}

/** "{0: 'cat', 1: 'dog'}", a dictionary as Python prints it: what the exporter of ultralytics writes and its readers expect. */
function dictionary(names: readonly string[]): string {
  return `{${names.map((name, i) => `${i}: ${pythonText(name)}`).join(', ')}}`;
}

function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\p{Cc}]|['"]/gu, (character) => {
    if (character === '\\') return '\\\\';
    if (character === quote) return `\\${quote}`;
    if (character === "'" || character === '"') return character;
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `${quote}${escaped}${quote}`;
}

import { DistillError, demand } from '../../errors.js';
import { onnxClassNames } from '../../formats/onnx/class-names.js';
import { describeOnnx, type OnnxDescription } from '../../formats/onnx/describe.js';
import { addOnnxOutputs, bypassZipMap, isZipMap } from '../../formats/onnx/edit.js';
import type { OnnxModel } from '../../formats/onnx/model.js';
import { readOnnx } from '../../formats/onnx/read.js';
import type { OnnxInput } from './input-plan.js';
import { type ChosenOutput, chooseOutput } from './outputs.js';

/** A model's graph, ready to be run: without ZipMap, and with the outputs that are asked for. */
export interface TeachingGraph {
  readonly model: OnnxModel;
  readonly bytes: Uint8Array;
  readonly description: OnnxDescription;
  readonly input: OnnxInput;
  readonly output: ChosenOutput;
  readonly features: string | undefined;
}

/** `name` is the model's, for messages. @throws DistillError 'bad-file', 'bad-argument', 'mismatch' */
export function teachingGraph(
  original: Uint8Array,
  name: string,
  { output: wanted, features }: { output?: string | undefined; features?: string | undefined },
): TeachingGraph {
  const first = readOnnx(original, name);
  const plain = first.graph.nodes.some(isZipMap) ? bypassZipMap(original, name) : original;
  const model = plain === original ? first : readOnnx(plain, name);
  const description = describeOnnx(model, name);
  const output = chooseOutput(description, wanted, name);
  const outer = new Set(description.outputs.map((one) => one.name));
  const inner = [output.name, ...(features === undefined ? [] : [features])].filter((one) => !outer.has(one));
  const known = new Set(description.hidden.map((one) => one.name));
  for (const one of inner)
    demand(
      known.has(one),
      () => `${name} computes no tensor ${JSON.stringify(one)} that could be a hint: info lists those it has`,
    );
  return {
    model,
    bytes: inner.length > 0 ? addOnnxOutputs(plain, inner, name) : plain,
    description: { ...description, classNames: namesIn(first) },
    input: onlyInput(description, name),
    output,
    features,
  };
}

/** scikit-learn's converter numbers classes that were numbers: 0, 1, 2 … name nothing. */
function namesIn(model: OnnxModel): readonly string[] | undefined {
  const names = onnxClassNames(model);
  return names?.every((name, i) => name === String(i)) ? undefined : names;
}

function onlyInput({ inputs }: OnnxDescription, name: string): OnnxInput {
  const [input, ...others] = inputs;
  if (!input || others.length > 0)
    throw new DistillError(
      'mismatch',
      `${name} takes ${inputs.length} inputs (${inputs.map((one) => one.name).join(', ')}), but only models of one are run: export it with all features in one tensor`,
    );
  return input;
}

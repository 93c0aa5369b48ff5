import { type Architecture, countParameters, multiplyAdds } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import type { OnnxTeacher } from 'wasm-distill/onnx';
import { layersOf } from '../report/layers.ts';

/** What a model is and costs; of an ONNX model as far as its graph tells. */
export interface Costs {
  layers: number[] | string;
  parameters?: number;
  multiplyAdds?: number;
}

export function costsOf(architecture: Architecture): Required<Costs> {
  return {
    layers: layersOf(architecture),
    parameters: countParameters(architecture),
    multiplyAdds: multiplyAdds(architecture),
  };
}

export function costsOfOnnx({ facts: { parameters, multiplyAdds: cost } }: OnnxTeacher): Costs {
  return {
    layers: 'ONNX graph',
    ...(parameters !== undefined && { parameters }),
    ...(cost !== undefined && { multiplyAdds: cost }),
  };
}

/** Of a model given as a file. */
export function costsOfGiven({ model, onnx }: { model: AnyModel; onnx?: OnnxTeacher }): Costs {
  if (onnx) return costsOfOnnx(onnx);
  return 'architecture' in model ? costsOf(model.architecture) : { layers: 'outputs' };
}

/** The sum of what all have; undefined where one's isn't known. */
export function sumOf(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}

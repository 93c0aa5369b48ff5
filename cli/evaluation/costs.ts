import { countParameters, multiplyAdds } from 'wasm-distill';
import { type AnyModel, architectureOf } from '../files/load-models.ts';
import { layersOf } from '../report/build.ts';

/** What a model is and costs; of an ONNX model as far as its graph tells. */
export interface Costs {
  layers: number[] | string;
  parameters?: number;
  multiplyAdds?: number;
}

export function costsOf(one: AnyModel): Costs {
  if ('onnx' in one) {
    const { parameters, multiplyAdds: cost } = one.onnx.facts;
    return {
      layers: 'ONNX graph',
      ...(parameters !== undefined && { parameters }),
      ...(cost !== undefined && { multiplyAdds: cost }),
    };
  }
  const architecture = architectureOf(one);
  return {
    layers: layersOf(architecture),
    parameters: countParameters(architecture),
    multiplyAdds: multiplyAdds(architecture),
  };
}

/** The sum of what all have; undefined where one's isn't known. */
export function sumOf(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}

import type { ExternalModel } from 'wasm-distill/data';

/**
 * A model that is asked once about the same samples of the same array: a run looks at its test data several times. What
 * it answered is forgotten with the array.
 */
export function remembered(model: ExternalModel): ExternalModel {
  const known = new WeakMap<ArrayBufferLike, Map<string, Float32Array>>();
  return {
    ...model,
    async logits(samples, signal) {
      const { buffer, byteOffset, length } = samples.values;
      const answers = known.get(buffer) ?? new Map<string, Float32Array>();
      known.set(buffer, answers);
      const place = `${byteOffset} ${length} ${samples.shape}`;
      const answer = answers.get(place) ?? (await model.logits(samples, signal));
      answers.set(place, answer);
      return answer;
    },
  };
}

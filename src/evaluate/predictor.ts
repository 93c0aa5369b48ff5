import type { Engine } from '../backends/backend.js';
import { checkNames, checkTemperature } from '../checks.js';
import type { Dataset, Samples } from '../data/dataset.js';
import type { SampleStream } from '../data/stream.js';
import type { Architecture } from '../nn/architecture.js';
import { meanProbabilities } from '../nn/ensemble.js';
import { checkModels, type TrainedModel } from '../nn/model-file.js';
import { CONTROL_NAMES, Forward, type ForwardControl } from './forward.js';

/** Models loaded into an engine, ready to predict any number of times; an ensemble's probabilities are averaged. */
export class Predictor {
  private constructor(private readonly forward: Forward) {}

  /** Compiles the forward pass of models of these architectures over one data set or stream; predict() supplies the weights. */
  static async create(
    engine: Engine,
    architectures: readonly Architecture[],
    data: Dataset | SampleStream,
    options: { temperature?: number | undefined; classes?: number } = {},
  ): Promise<Predictor> {
    checkNames(options, 'a predictor', ['temperature', 'classes']);
    const { temperature = 1, classes } = options;
    checkTemperature(temperature);
    return new Predictor(
      await Forward.create(
        engine,
        architectures,
        data,
        (models) =>
          meanProbabilities(
            models.map(({ logits }) => logits),
            temperature,
          ),
        { classes },
      ),
    );
  }

  /** Replaces the data's samples with others of the same number and shape. */
  show(inputs: Samples): Promise<void> {
    return this.forward.show(inputs);
  }

  /** The averaged probabilities of every sample, [size, classes]. */
  async predict(weights: readonly TrainedModel[], control: ForwardControl = {}): Promise<Float32Array> {
    checkModels(weights, 'the models');
    checkNames(control, 'the control', CONTROL_NAMES);
    return this.forward.run(weights, control);
  }

  close(): Promise<void> {
    return this.forward.close();
  }
}

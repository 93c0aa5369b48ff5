import type { Engine, TrainedModel } from 'wasm-distill';
import { network, ops, type Session, variable } from 'wasm-distill/graph';
import { attentionMap } from 'wasm-distill/objectives';

export interface DigitMaps {
  side: number;
  /** One for each digit, side × side: 0 for nothing, 255 for the most in it. */
  maps: Uint8Array[];
}

/** What was loaded for networks of one architecture: the next ones only write their weights. */
interface Opened {
  of: string;
  session: Session;
  look(model: TrainedModel): Promise<DigitMaps>;
}

/**
 * Where a layer looks in some digits of 28 × 28 bytes, epoch after epoch, in one session: each reserves memory that a
 * browser takes back late, and refuses after some dozens.
 */
export class DigitViewer {
  #opened: Opened | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly digits: readonly Uint8Array[],
  ) {}

  async look(model: TrainedModel, layer: string): Promise<DigitMaps> {
    const of = JSON.stringify([model.architecture, layer]);
    if (this.#opened?.of !== of) {
      await this.#opened?.session.close();
      this.#opened = undefined;
      this.#opened = await this.#open(model, layer, of);
    }
    return this.#opened.look(model);
  }

  async #open({ architecture }: TrainedModel, layer: string, of: string): Promise<Opened> {
    const { forward, parameters } = network(architecture);
    const x = variable('digits', [this.digits.length, 28, 28, 1]);
    const map = attentionMap(forward(x, 'infer').at(layer));
    const found = variable('maps', map.shape);
    const session = await this.engine.load({ look: [ops.assign(found, map)] });
    await session.write(x, Float32Array.from(this.digits.flatMap((digit) => [...digit])));
    const side = Math.sqrt(map.shape[1]!);
    return {
      of,
      session,
      look: async ({ weights }) => {
        for (const parameter of parameters)
          if (session.has(parameter.variable))
            await session.write(parameter.variable, weights.get(parameter.name)!);
        await session.run('look');
        const values = await session.read(found);
        return { side, maps: this.digits.map((_, i) => bright(values, i, side * side)) };
      },
    };
  }
}

function bright(values: Float32Array, digit: number, pixels: number): Uint8Array {
  const own = values.subarray(digit * pixels, (digit + 1) * pixels);
  const most = Math.max(...own) || 1;
  return Uint8Array.from(own, (value) => Math.round((255 * value) / most));
}

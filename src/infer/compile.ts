import { denseStep } from './dense.js';
import { isWhole, Store, type View, viewOf } from './images.js';
import type { Concat, Dims, Layer, Sum } from './layers.js';
import type { Memory, Step } from './memory.js';
import { haloOf } from './parts.js';
import { convStep, type Ending } from './products.js';
import { ByteImages, convInt8Step } from './products-int8.js';
import {
  affineStep,
  depthwiseStep,
  flattenStep,
  mapStep,
  maxoutStep,
  poolStep,
  upsampleStep,
} from './steps.js';

/** A network as steps over images in memory. */
export interface Program {
  input: View;
  output: View;
  stores: readonly Store[];
  /** How the first layer takes bytes, if not as floats. */
  bytes: ByteImages | undefined;
  /** Places what the layers need; after that, and memory.grow(), the steps can be run in order. */
  steps(memory: Memory): Step[];
}

/**
 * The steps of layers over images of such a shape; `values` are the floats that bytes stand for, 256 for each entry of
 * the last dimension.
 */
export function compile(layers: readonly Layer[], input: Dims, values: () => Float32Array): Program {
  const [first] = layers;
  const bytes = first?.kind === 'conv' && first.scales ? new ByteImages(values(), input) : undefined;
  const compiler = new Compiler(bytes && { first: first!, bytes });
  const x = compiler.store(input);
  const output = compiler.list(layers, x, true);
  const { stores, steps } = compiler;
  return { input: x, output, stores, bytes, steps: (memory) => steps.map((step) => step(memory)) };
}

class Compiler {
  readonly stores: Store[] = [];
  /** Each is called when it is known how wide the halos are and where the stores lie. */
  readonly steps: ((memory: Memory) => Step)[] = [];

  constructor(private readonly byteInput: { first: Layer; bytes: ByteImages } | undefined) {}

  store(dims: Dims, row?: Store): View {
    const store = new Store(dims, row);
    this.stores.push(store);
    return viewOf(store);
  }

  /**
   * Layers one after the other; x may be overwritten if it is `owned`, and the result is written to `target` if there is
   * one.
   */
  list(layers: readonly Layer[], x: View, owned: boolean, target?: View): View {
    if (layers.length === 0 && target) this.steps.push((memory) => mapStep(memory, 'copy', x, target));
    let at = x;
    layers.forEach((layer, i) => {
      // A flattened image of one pixel is still x.
      at = this.#layer(layer, at, owned || at !== x, i + 1 === layers.length ? target : undefined);
    });
    return target ?? at;
  }

  #layer(layer: Layer, x: View, owned: boolean, target: View | undefined): View {
    const { output } = layer;
    const fresh = () => target ?? this.store(output);
    const inPlace = () => target ?? (owned ? x : this.store(output));
    const push = (y: View, step: (memory: Memory) => Step) => {
      this.steps.push(step);
      return y;
    };
    switch (layer.kind) {
      case 'conv':
      case 'deconv':
        return this.#conv(layer, x, fresh(), { accumulate: false, relu: layer.relu });
      case 'depthwise': {
        const y = fresh();
        x.store.widen(haloOf(layer.window, false, x.dims, output));
        return push(y, (memory) => depthwiseStep(memory, layer, x, y));
      }
      case 'dense': {
        // It writes whole panels, for which only a store of its own has room.
        const y = target && isWhole(target) ? target : this.store(output);
        const row = this.#flat(x, owned);
        push(y, (memory) => denseStep(memory, layer, row, y));
        return target && target !== y ? this.list([], y, true, target) : y;
      }
      case 'flatten':
        return target ? push(target, (memory) => flattenStep(memory, x, target)) : this.#flat(x, owned);
      case 'affine': {
        const y = inPlace();
        return push(y, (memory) => affineStep(memory, layer, x, y));
      }
      case 'maxout': {
        const y = fresh();
        return push(y, (memory) => maxoutStep(memory, layer, x, y));
      }
      case 'pool': {
        const y = fresh();
        return push(y, (memory) => poolStep(memory, layer, x, y));
      }
      case 'upsample': {
        const y = fresh();
        return push(y, (memory) => upsampleStep(memory, layer, x, y));
      }
      case 'sum':
        return this.#sum(layer, x, owned, target);
      case 'concat':
        return this.#concat(layer, x, fresh());
      default: {
        const y = inPlace();
        return push(y, (memory) => mapStep(memory, layer.kind, x, y, layer.slope));
      }
    }
  }

  #conv(layer: Extract<Layer, { kind: 'conv' | 'deconv' }>, x: View, y: View, ending: Ending): View {
    if (layer.kind === 'conv' && layer.scales) {
      const bytes = layer === this.byteInput?.first ? this.byteInput.bytes : undefined;
      this.steps.push((memory) => convInt8Step(memory, layer, x, y, ending, bytes));
    } else {
      x.store.widen(haloOf(layer.window, layer.kind === 'deconv', x.dims, layer.output));
      this.steps.push((memory) => convStep(memory, layer, x, y, ending));
    }
    return y;
  }

  /** x as a row: under another name where nobody else needs it and it has no halo, else as a copy. */
  #flat(x: View, owned: boolean): View {
    const [height, width, channels] = x.dims;
    if (height * width === 1 && isWhole(x)) return x;
    const row = this.store([1, 1, height * width * channels], owned && isWhole(x) ? x.store : undefined);
    this.steps.push((memory) => (row.store.isAlias ? () => {} : flattenStep(memory, x, row)));
    return row;
  }

  #concat({ branches, output }: Concat, x: View, y: View): View {
    let { channel } = y;
    for (const branch of branches) {
      const channels = branch.at(-1)?.output[2] ?? x.dims[2];
      const [height, width] = output;
      this.list(branch, x, false, { store: y.store, dims: [height, width, channels], channel });
      channel += channels;
    }
    return y;
  }

  /** The first branch is written, the others are added; a convolution does that itself, and goes last. */
  #sum({ branches, output, relu }: Sum, x: View, owned: boolean, target: View | undefined): View {
    const [first, ...others] = [...branches].sort((a, b) => Number(adds(a)) - Number(adds(b))) as [
      Layer[],
      ...Layer[][],
    ];
    // A residual block adds to its input, if the layer that does so doesn't read from there.
    const inPlace = first.length === 0 && others.length === 1 && others[0]!.length > 1 && owned && !target;
    const y = inPlace ? x : (target ?? this.store(output));
    if (!inPlace) this.list(first, x, false, y);
    others.forEach((branch, i) => {
      this.#add(branch, x, y, relu && i + 1 === others.length);
    });
    return y;
  }

  #add(branch: readonly Layer[], x: View, y: View, relu: boolean): void {
    const last = branch.at(-1);
    if (last && adds(branch)) {
      const before = this.list(branch.slice(0, -1), x, false);
      this.#conv(last as Extract<Layer, { kind: 'conv' }>, before, y, { accumulate: true, relu });
      return;
    }
    const made = this.list(branch, x, false);
    this.steps.push((memory) => mapStep(memory, relu ? 'addRelu' : 'add', made, y));
  }
}

/** Whether a branch ends with a layer that can add its outputs to others. */
function adds(branch: readonly Layer[]): boolean {
  const last = branch.at(-1);
  return (last?.kind === 'conv' || last?.kind === 'deconv') && !last.relu;
}

import type { OnnxAttribute, OnnxNode, OnnxTensor } from '../../formats/onnx/model.js';
import type { Shape } from '../../graph/shape.js';

/** A tensor of the graph: its name, and how it lies there. */
export interface Value {
  readonly name: string;
  /**
   * Of an image [height, width, channels] the tensor is [N, channels, height, width], also where the layers have
   * flattened it: only what reads a row cares for the order. All else is [N, …shape], as inside.
   */
  readonly image?: Shape;
}

/** A layer's parameters by their suffix. */
export type Own = Readonly<Record<string, Float32Array>>;

/** A graph being written: nodes in order, and the numbers they read. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxTensor>();
  readonly #names: Set<string>;

  /** `reserved` are names that only inputs and outputs of the graph have. */
  constructor(reserved: readonly string[]) {
    this.#names = new Set(reserved);
  }

  /** Adds a node with one output, and answers that output's name: `name`, unless it is in use. */
  node(
    op: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    const output = this.#unused(name);
    this.nodes.push({ op, domain: '', name: output, inputs, outputs: [output], attributes });
    return output;
  }

  /** In host order, which is the file's: this library is for little-endian hosts. */
  floats(name: string, shape: Shape, values: Float32Array): string {
    const { buffer, byteOffset, byteLength } = values;
    return this.#initializer(name, shape, 'f32', new Uint8Array(buffer, byteOffset, byteLength));
  }

  /** A list of whole numbers from 0 to 2^32 − 1. */
  wholes(name: string, values: readonly number[]): string {
    const words = Uint32Array.from(values.flatMap((value) => [value, 0]));
    return this.#initializer(name, [values.length], 'i64', new Uint8Array(words.buffer));
  }

  /** An image's numbers as a row in the order inside, pixel by pixel; other tensors as they are. */
  row({ name, image }: Value, path: string): Value {
    if (!image) return { name };
    const [height, width, channels] = image as [number, number, number];
    const isSame = channels === 1 || height * width === 1;
    const pixels = isSame
      ? name
      : this.node('Transpose', `${path}.pixels`, [name], { perm: { ints: [0, 2, 3, 1] } });
    return { name: this.node('Flatten', `${path}.row`, [pixels], { axis: { int: 1 } }) };
  }

  /** Calls the output of the last node by another name; nothing else reads it. */
  renameLast(name: string): void {
    const last = this.nodes.pop()!;
    this.nodes.push({ ...last, name, outputs: [name] });
  }

  #initializer(wanted: string, shape: Shape, type: OnnxTensor['type'], bytes: Uint8Array): string {
    const name = this.#unused(wanted);
    this.initializers.set(name, { name, shape, type, bytes });
    return name;
  }

  /** Users name layers, and two names may meet: those of a layer "a.weight" and of the weight of a layer "a". */
  #unused(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#names.has(name); n++) name = `${wanted}_${n}`;
    this.#names.add(name);
    return name;
  }
}

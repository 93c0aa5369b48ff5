// What works on networks are checked against: their layers in doubles with nothing clever, and the way back by a tape.
import { forward, paddingOf } from './layers.mjs';

/** What a layer makes: data of a batch [n, …shape], its gradient, and how that goes on to what it was made from. */
const made = (shape, data) => ({ shape, data, gradient: new Float64Array(data.length), back() {} });
const sizeOf = (shape) => shape.reduce((all, n) => all * n, 1);

/** The logits of a training's forward pass, and `gradients`, from the logits' gradient to those of parameters by name. */
export function trained(config, x, valueAt) {
  const { output, tape, slopes } = run(config, x, valueAt, 'train');
  return {
    logits: output.data,
    gradients(gradient) {
      output.gradient.set(gradient);
      for (const each of tape.toReversed()) each.back();
      return slopes;
    },
  };
}

export const inferred = (config, x, valueAt) => run(config, x, valueAt, 'infer').output.data;

function run({ architecture, batch }, x, valueAt, mode) {
  const tape = [];
  const slopes = new Map();
  const keep = (node, back) => {
    node.back = back;
    tape.push(node);
    return node;
  };
  const slopeOf = (name) => {
    slopes.set(name, new Float64Array(valueAt(name).length));
    return slopes.get(name);
  };
  const by = {
    conv: (from, layer, path) => convolution(from, layer, path, { batch, valueAt, slopeOf, keep }),
    // A convolution of one pixel.
    dense(from, { dense, bias }, path) {
      const images = { ...from, shape: [1, 1, ...from.shape] };
      const layer = { conv: dense, kernel: 1, bias };
      const node = convolution(images, layer, path, { batch, valueAt, slopeOf, keep });
      node.shape = [dense];
      return node;
    },
    norm: (from, _, path) =>
      mode === 'infer'
        ? normInferred(from, path, valueAt)
        : normTrained(from, path, { valueAt, slopeOf, keep }),
    relu(from) {
      const node = made(
        from.shape,
        from.data.map((value) => Math.max(0, value)),
      );
      return keep(node, () => {
        node.gradient.forEach((g, i) => {
          if (node.data[i] > 0) from.gradient[i] += g;
        });
      });
    },
    pool: (from, layer) => maxPool(from, layer, { batch, keep }),
    gap(from) {
      const [height, width, channels] = from.shape;
      const pixels = height * width;
      const node = made([channels], new Float64Array(batch * channels));
      const place = (i) => Math.floor(i / (pixels * channels)) * channels + (i % channels);
      from.data.forEach((value, i) => {
        node.data[place(i)] += value / pixels;
      });
      return keep(node, () => {
        for (let i = 0; i < from.gradient.length; i++) from.gradient[i] += node.gradient[place(i)] / pixels;
      });
    },
    flatten: (from) => ({ ...from, shape: [sizeOf(from.shape)] }),
    sum(branches) {
      const node = made(
        branches[0].shape,
        branches[0].data.map((_, i) => branches.reduce((all, { data }) => all + data[i], 0)),
      );
      return keep(node, () => {
        for (const { gradient } of branches)
          for (let i = 0; i < gradient.length; i++) gradient[i] += node.gradient[i];
      });
    },
    concat: (branches) => concatenation(branches),
  };
  const input = made(architecture.input.shape, Float64Array.from(x));
  input.wantsNoGradient = true;
  return { output: forward(architecture.layers, input, by), tape, slopes };
}

function convolution(from, layer, path, { batch, valueAt, slopeOf, keep }) {
  const { conv: filters, kernel = 3, stride = 1, bias } = layer;
  const padding = paddingOf({ kernel, pad: layer.pad });
  const [height, width, channels] = from.shape;
  const [rows, columns] = [height, width].map((n) => Math.floor((n + 2 * padding - kernel) / stride) + 1);
  const w = valueAt(`${path}.weight`);
  const b = bias === false ? undefined : valueAt(`${path}.bias`);
  const node = made([rows, columns, filters], new Float64Array(batch * rows * columns * filters));
  /** Visits (place in x, place in w, place in y) of the first channel and filter of each pair of pixels. */
  const each = (visit) => {
    for (let n = 0; n < batch; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let ky = 0; ky < kernel; ky++)
            for (let kx = 0; kx < kernel; kx++) {
              const [row, column] = [i * stride + ky - padding, j * stride + kx - padding];
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              visit(
                ((n * height + row) * width + column) * channels,
                (ky * kernel + kx) * channels * filters,
                ((n * rows + i) * columns + j) * filters,
              );
            }
  };
  const y = node.data;
  if (b) for (let i = 0; i < y.length; i++) y[i] = b[i % filters];
  each((xi, wi, yi) => {
    for (let c = 0; c < channels; c++) {
      const value = from.data[xi + c];
      if (value === 0) continue;
      const row = wi + c * filters;
      for (let f = 0; f < filters; f++) y[yi + f] += value * w[row + f];
    }
  });
  return keep(node, () => {
    const g = node.gradient;
    const dw = slopeOf(`${path}.weight`);
    each((xi, wi, yi) => {
      for (let c = 0; c < channels; c++) {
        const value = from.data[xi + c];
        const row = wi + c * filters;
        if (value !== 0) for (let f = 0; f < filters; f++) dw[row + f] += value * g[yi + f];
        if (from.wantsNoGradient) continue;
        let sum = 0;
        for (let f = 0; f < filters; f++) sum += w[row + f] * g[yi + f];
        from.gradient[xi + c] += sum;
      }
    });
    if (!b) return;
    const db = slopeOf(`${path}.bias`);
    g.forEach((value, i) => {
      db[i % filters] += value;
    });
  });
}

const EPSILON = 1e-5;

function normInferred(from, path, valueAt) {
  const [scale, shift, mean, variance] = ['scale', 'shift', 'mean', 'variance'].map((name) =>
    valueAt(`${path}.${name}`),
  );
  const c = scale.length;
  const data = from.data.map((value, i) => {
    const j = i % c;
    return ((value - mean[j]) / Math.sqrt(variance[j] + EPSILON)) * scale[j] + shift[j];
  });
  return made(from.shape, data);
}

function normTrained(from, path, { valueAt, slopeOf, keep }) {
  const scale = valueAt(`${path}.scale`);
  const shift = valueAt(`${path}.shift`);
  const c = scale.length;
  const rows = from.data.length / c;
  const byChannel = (numberAt) => {
    const sums = new Float64Array(c);
    for (let i = 0; i < from.data.length; i++) sums[i % c] += numberAt(i, i % c);
    return sums;
  };
  const mean = byChannel((i) => from.data[i] / rows);
  const variance = byChannel((i, j) => (from.data[i] - mean[j]) ** 2 / rows);
  const unit = from.data.map((value, i) => (value - mean[i % c]) / Math.sqrt(variance[i % c] + EPSILON));
  const node = made(
    from.shape,
    unit.map((value, i) => value * scale[i % c] + shift[i % c]),
  );
  return keep(node, () => {
    const g = node.gradient;
    const dshift = slopeOf(`${path}.shift`);
    const dscale = slopeOf(`${path}.scale`);
    dshift.set(byChannel((i) => g[i]));
    dscale.set(byChannel((i) => g[i] * unit[i]));
    for (let i = 0; i < g.length; i++) {
      const j = i % c;
      const inner = g[i] - (dshift[j] + unit[i] * dscale[j]) / rows;
      from.gradient[i] += (inner * scale[j]) / Math.sqrt(variance[j] + EPSILON);
    }
  });
}

/** The gradient goes to the first of equal maxima. */
function maxPool(from, { pool, stride = pool }, { batch, keep }) {
  const [height, width, channels] = from.shape;
  const [rows, columns] = [height, width].map((n) => Math.floor((n - pool) / stride) + 1);
  const node = made(
    [rows, columns, channels],
    new Float64Array(batch * rows * columns * channels).fill(-Infinity),
  );
  const places = new Int32Array(node.data.length);
  let to = 0;
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let c = 0; c < channels; c++, to++)
          for (let ky = 0; ky < pool; ky++)
            for (let kx = 0; kx < pool; kx++) {
              const at = ((n * height + i * stride + ky) * width + j * stride + kx) * channels + c;
              if (!(from.data[at] > node.data[to])) continue;
              node.data[to] = from.data[at];
              places[to] = at;
            }
  return keep(node, () => {
    node.gradient.forEach((g, i) => {
      from.gradient[places[i]] += g;
    });
  });
}

/** Along channels; only inferred. */
function concatenation(branches) {
  const widths = branches.map(({ shape }) => shape.at(-1));
  const channels = widths.reduce((a, b) => a + b);
  const pixels = branches[0].data.length / widths[0];
  const data = new Float64Array(pixels * channels);
  let first = 0;
  for (const [b, width] of widths.entries()) {
    for (let i = 0; i < pixels * width; i++)
      data[Math.floor(i / width) * channels + first + (i % width)] = branches[b].data[i];
    first += width;
  }
  return made([...branches[0].shape.slice(0, -1), channels], data);
}

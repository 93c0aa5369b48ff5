// What trainings are checked against: the distillation loss with its gradient, and the optimizer's step, in doubles.

/** Batch mean of (1 - alpha)·T²·CE(soft, softmax(z / T)) + alpha·CE(label, softmax(z)), and its gradient by z. */
export function distillation({ config, arrays: { soft, labels } }, logits) {
  const { batch, temperature: T, alpha } = config;
  const classes = logits.length / batch;
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  for (let row = 0; row < batch; row++) {
    const z = logits.subarray(row * classes, (row + 1) * classes);
    const warm = logSoftmax(z.map((value) => value / T));
    const cold = logSoftmax(z);
    for (let i = 0; i < classes; i++) {
      const q = soft[row * classes + i];
      const hard = labels[row] === i ? 1 : 0;
      loss -= (1 - alpha) * T * T * q * warm[i] + alpha * hard * cold[i];
      gradient[row * classes + i] =
        ((1 - alpha) * T * (Math.exp(warm[i]) - q) + alpha * (Math.exp(cold[i]) - hard)) / batch;
    }
  }
  return { loss: loss / batch, gradient };
}

function logSoftmax(z) {
  const most = Math.max(...z);
  const log = most + Math.log(z.reduce((sum, value) => sum + Math.exp(value - most), 0));
  return z.map((value) => value - log);
}

/** SGD with momentum; the gradient times a factor. */
export function descend(w, g, v, factor, { lr, momentum }) {
  for (let i = 0; i < w.length; i++) {
    v[i] = momentum * v[i] + factor * g[i];
    w[i] -= lr * v[i];
  }
}

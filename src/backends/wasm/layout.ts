/**
 * The plan's binary layout, read by both compilers: TypeScript writes plans with it and AssemblyScript runs them.
 *
 * A plan in memory is a sequence of instructions and an `end` instruction. Each instruction is a sequence of 32-bit
 * words: the header below, then the fields of its opcode. Operands are byte addresses; 0 means "absent".
 */

export enum Header {
  /** One of Opcode. */
  opcode = 0,
  /** Length of the whole instruction in words. */
  words = 1,
  /** How many tiles the work divides into; thread t of n takes tiles [tiles·t/n, tiles·(t+1)/n). */
  tiles = 2,
  /** 1: all threads meet before this instruction. */
  barrier = 3,
  /** Where the fields begin. */
  size = 4,
}

export enum Opcode {
  end,
  matmul,
  /** A product for each sample of a batch, each with the bits of matmul: fields as of `matmul`. Tiles: samples. */
  batchedMatmul,
  binary,
  unary,
  reduce,
  maxPool,
  maxPoolGather,
  maxPoolScatter,
  averagePool,
  averagePoolSpread,
  depthwise,
  depthwiseWeight,
  copy,
  /** A copy in which rows become columns: fields as of `copy`. Tiles: 16 lines of dimension 4. */
  turn,
  softmax,
  kdLoss,
  oneHot,
  dropout,
  gather,
  gatherImages,
  viewIndex,
  random,
  permutation,
  stepRead,
  stepWrite,
  rowsWrite,
  sgd,
  adam,
  maxNorm,
  sumOfSquares,
  channelSums,
  channelJoin,
  normGradient,
  chain,
  conv,
  packWeights,
  convWeight,
  angleLoss,
}

/** C[m,n] = op(A)·op(B), then + bias, then ReLU, then zero where mask ≤ 0. Tiles: panels of 8 columns or 5 rows. */
export enum MatmulField {
  m = 4,
  n,
  k,
  a,
  b,
  c,
  /** 1: A is stored [k, m]. */
  transposeA,
  /** 1: B is stored [n, k]. */
  transposeB,
  bias,
  relu,
  mask,
  /** 1: tiles are panels of rows, 0: of columns. */
  byRows,
}

export enum BinaryKind {
  add,
  subtract,
  multiply,
  divide,
  /** a where b > 0, else 0: the gradient of ReLU. */
  mask,
}

/** c[i] = a[i] ∘ b[i]. Tiles: 16 elements. */
export enum BinaryField {
  kind = 4,
  n,
  a,
  b,
  c,
}

export enum UnaryKind {
  /** x·value */
  scale,
  /** x + value */
  shift,
  relu,
  exp,
  log,
  sqrt,
  abs,
  /** −1, 0 or 1 */
  sign,
  leakyRelu,
  sigmoid,
  tanh,
}

/** y[i] = f(x[i]). Tiles: 16 elements. */
export enum UnaryField {
  kind = 4,
  n,
  x,
  y,
  value,
}

export enum ReduceKind {
  sum,
  max,
}

/** y[o, i] = Σ_r x[o, r, i] (or the maximum). Tiles: rows of o where inner = 1, else 16 columns of i for each o. */
export enum ReduceField {
  kind = 4,
  outer,
  length,
  inner,
  x,
  y,
}

/** A strided copy of f32: y[offset + Σ i·strideY] = x[offset + Σ i·strideX] over 6 dimensions. Tiles: 1024 elements. */
export enum CopyField {
  x = 4,
  y,
  offsetX,
  offsetY,
  d0,
  d1,
  d2,
  d3,
  d4,
  d5,
  x0,
  x1,
  x2,
  x3,
  x4,
  x5,
  y0,
  y1,
  y2,
  y3,
  y4,
  y5,
}

/**
 * Fields of all instructions of pooling: windows over images [n, height, width, channels], which make [n, rows, columns,
 * channels] of them; x is what is read and y what is written, whichever of the two shapes it has. Tiles: rows of y; of
 * maxPoolScatter rows of windows if `halves`, else Limit.band rows of y.
 */
export enum MaxPoolField {
  height = 4,
  width,
  channels,
  rows,
  columns,
  kernelY,
  kernelX,
  strideY,
  strideX,
  top,
  left,
  /** 1: windows of 2 × 2 side by side, without padding. */
  halves,
  x,
  /** maxPoolGather: what is read at the maxima of x; maxPoolScatter: what is added there. */
  v,
  y,
}

/**
 * y [n, rows, columns, channels] from images x [n, height, width, channels] and a kernel w for each channel: a convolution,
 * or with `spread` the transpose of one, in which the window moves over y. Tiles: rows of y.
 */
export enum DepthwiseField {
  height = 4,
  width,
  channels,
  rows,
  columns,
  kernelY,
  kernelX,
  strideY,
  strideX,
  dilationY,
  dilationX,
  top,
  left,
  spread,
  x,
  w,
  y,
}

/** w[t] = what rows t·rowsOfSum … of v (over all images) and x's pixels under the taps add to the kernels. Tiles: t. */
export enum DepthwiseWeightField {
  images = 4,
  height,
  width,
  channels,
  rows,
  columns,
  kernelY,
  kernelX,
  strideY,
  strideX,
  dilationY,
  dilationX,
  top,
  left,
  rowsOfSum,
  x,
  v,
  w,
}

/**
 * loss[i] = mean over j, k of huber(angle_ijk − that of the teacher), angle_ijk = (products_jk + offsets_ij +
 * offsets_ik)·scales_ij·scales_ik; all are [n, n]. Tiles: `rows` of i.
 */
export enum AngleLossField {
  n = 4,
  rows,
  products,
  offsets,
  scales,
  teacherProducts,
  teacherOffsets,
  teacherScales,
  /** Upstream gradient of each loss; read where a gradient is written. */
  upstream,
  loss,
  /** The gradient of products, tile by tile, which `gradient` is still to get the sum of: [tiles, n, n]. */
  partial,
  /** [3, n, n], of products, offsets and scales. */
  gradient,
}

/** y = softmax(x/T) by row, or its logarithm. Tiles: rows. */
export enum SoftmaxField {
  rows = 4,
  columns,
  x,
  y,
  temperature,
  log,
}

/**
 * Cross-entropy of softmax(z/T) with t = alpha·onehot(label) + beta·soft, and its gradient, in one pass by row.
 * loss and gradient may each be absent. Tiles: rows.
 */
export enum KdLossField {
  rows = 4,
  columns,
  logits,
  soft,
  labels,
  /** Upstream gradient of each row's loss; read where gradient is written. */
  upstream,
  loss,
  gradient,
  temperature,
  alpha,
  beta,
}

/** y[r, c] = value where labels[r] = c, else 0. Tiles: rows. */
export enum OneHotField {
  rows = 4,
  columns,
  labels,
  y,
}

/** y = x / (1 − rate) where the random word of (seed, stream, step, index) is at or above rate·2³², else 0. Tiles: 16. */
export enum DropoutField {
  n = 4,
  x,
  y,
  streamKind,
  streamIndex,
  /** rate·2³², unsigned. */
  threshold,
  scale,
}

/** y[r] = x[index[r]]: rows of 32-bit words; index −1 gives rows of `missing`. Tiles: rows. */
export enum GatherField {
  rows = 4,
  columns,
  x,
  index,
  y,
  /** The 32-bit pattern that stands in rows with index −1. */
  missing,
}

/**
 * y[r] = scale·x[index[r]]: u8 images [height, width, channels] shifted by up to ±pixels, padded with zeros, and
 * mirrored where word r of the mirror's stream has its highest bit. Tiles: rows.
 */
export enum GatherImagesField {
  rows = 4,
  height,
  width,
  channels,
  x,
  index,
  y,
  scale,
  pixels,
  shiftKind,
  shiftIndex,
  /** 1: images are mirrored at random, using this stream. */
  mirror,
  mirrorKind,
  mirrorIndex,
}

/** y[r] = index[r]·views + the number of the view that gatherImages gives row r. Tiles: rows. */
export enum ViewIndexField {
  rows = 4,
  index,
  y,
  pixels,
  shiftKind,
  shiftIndex,
  mirror,
  mirrorKind,
  mirrorIndex,
}

export enum RandomKind {
  uniform,
  normal,
}

/** Uniform in [−scale, scale) or normal with deviation scale. Tiles: 16 elements. */
export enum RandomField {
  kind = 4,
  n,
  y,
  streamKind,
  streamIndex,
  scale,
}

/** y = a random permutation of 0…n−1 in i32, then −1 up to capacity. One tile. */
export enum PermutationField {
  n = 4,
  capacity,
  y,
  streamKind,
  streamIndex,
}

/** y = x[step mod steps]: one row of an array with one row per step. One tile. */
export enum StepReadField {
  x = 4,
  y,
  bytes,
  steps,
}

/** y[step mod steps] = x. With guard, a value that isn't finite stops the run after this step. One tile. */
export enum StepWriteField {
  x = 4,
  y,
  bytes,
  steps,
  guard,
}

/** y[index[i]] = x[i], i in order: rows of f32; indices that are no row of y are left out. Tiles: 16 columns. */
export enum RowsWriteField {
  n = 4,
  /** Of y. */
  rows,
  columns,
  x,
  index,
  y,
}

/** PyTorch's SGD: g = factor·g + decay·w; v = momentum·v + g; w −= rate·(nesterov ? g + momentum·v : v). Tiles: 16 elements. */
export enum SgdField {
  n = 4,
  w,
  v,
  g,
  rate,
  /** A scalar that the gradient is multiplied by; absent: 1. */
  factor,
  momentum,
  decay,
  nesterov,
}

/** Adam (Kingma & Ba 2015, algorithm 1) with L2 decay; step counts from the plan's step 0. Tiles: 16 elements. */
export enum AdamField {
  n = 4,
  w,
  m,
  v,
  g,
  rate,
  /** β₁ᵗ and β₂ᵗ of this step, kept by the plan as two floats. */
  powers,
  /** A scalar that the gradient is multiplied by; absent: 1. */
  factor,
  beta1,
  beta2,
  epsilon,
  decay,
}

/** Scales each column of w whose L2 norm is over limit down to it. Tiles: 16 columns. */
export enum MaxNormField {
  rows = 4,
  columns,
  w,
  limit,
}

/**
 * y[t] = Σ x² of chunk t of Limit.chunk elements; or, of such partial sums, y = Σ x. Tiles: chunks, or one.
 */
export enum SumOfSquaresField {
  /** Elements, or partial sums. */
  n = 4,
  x,
  y,
  /** 1: x holds partial sums, which are added up. */
  partial,
  /** 1: the sum is added to what y already holds. */
  accumulate,
}

/** What a step of a chain computes: a UnaryKind, a BinaryKind from `binary` on, a·b + c, or that and a ReLU. */
export enum ChainKind {
  binary = 16,
  multiplyAdd = 32,
  multiplyAddRelu,
}

/** A chain's slots: operands below `result`, then its result, then temporaries, each a tile of floats. */
export enum ChainSlot {
  result = 12,
  temporaries = 13,
  count = 32,
}

/**
 * y = what `steps` elementwise operators in sequence make of x0, x1 …, tile by tile, so that all between stays in the L1
 * cache. A step is two words of `code`: its kind and, in 5 bits each, the slots of its result, a, b and c, from bit 6 on;
 * and the constant of a unary kind. Tiles: 16 elements.
 */
export enum ChainField {
  n = 4,
  /** Elements after which vectors repeat. */
  period,
  /** Floats of a tile: a multiple of the period, or less than it. */
  block,
  steps,
  /** Which operands are as long as y, and which are single numbers, as bits; the others are vectors. */
  streams,
  scalars,
  code,
  y,
  x0,
  x1,
  x2,
  x3,
  x4,
  x5,
  x6,
  x7,
  x8,
  x9,
  x10,
  x11,
}

export enum ChannelSumsKind {
  /** Σ x */
  sum,
  /** Σ (x − mean)² */
  squares,
  /** Σ up and Σ up·(x − mean) */
  centered,
  /** The same of up where x·a + b > 0, else 0: ReLU's gradient after a batch norm. */
  masked,
}

/**
 * Sums over chunks of rows by channel: y[t] of chunk t, and for the two sums of `centered` and `masked` y[chunks + t].
 * x is seen as rows of `width` floats, whole pixels. Tiles: chunks.
 */
export enum ChannelSumsField {
  kind = 4,
  /** Floats of x. */
  n,
  channels,
  /** A multiple of channels and of 4. */
  width,
  /** Rows of a chunk; the last one takes what doesn't fill a row too. */
  rows,
  x,
  up,
  mean,
  a,
  b,
  y,
}

/** y[c] = Σ_t x[first + t, c] / divisor over `chunks` partial sums, added in order. Tiles: 16 channels. */
export enum ChannelJoinField {
  chunks = 4,
  channels,
  first,
  divisor,
  x,
  y,
}

/**
 * y = weights over windows of x, then + bias, then ReLU, then zero where mask ≤ 0: convolution, and the gradient of its
 * input. Tiles: rows of y's images.
 */
export enum ConvField {
  x = 4,
  /** Panels of 8 columns, `depth` packed rows each (packWeights). */
  weights,
  y,
  bias,
  mask,
  relu,
  /** Size of an image of x. */
  height,
  width,
  channels,
  /** Size of an image of y. */
  rows,
  columns,
  filters,
  depth,
  /** Classes of pixels: as many as this times PixelClass.words words, then their segments. */
  classes,
  geometry,
  /** Most pixels that are computed before the next panel. */
  chunk,
}

/**
 * A class of y's pixels that have the same taps inside x's image: every yStep-th row from yFirst and every xStep-th
 * column from xFirst. Words of the geometry.
 */
export enum PixelClass {
  yFirst,
  yCount,
  yStep,
  /** The row of x where the first tap of the class's first row lies, and how far on that of the next row lies. */
  yFrom,
  yFromStep,
  xFirst,
  xCount,
  xStep,
  xFrom,
  xFromStep,
  /** The first packed row of its taps. */
  row,
  /** Consecutive floats of x, and rows of the panel, in a segment. */
  run,
  /**
   * Where the segments are, in words of the geometry, and how many there are: for each what comes between its end and
   * the next one's begin, in bytes of x and in packed rows.
   */
  segments,
  segmentCount,
  words,
}

/** Weights [taps, c, f] as panels of 8 columns of f, or of c if transposed, taps in the order given. Tiles: taps by panels. */
export enum PackWeightsField {
  w = 4,
  y,
  taps,
  channels,
  filters,
  /** 1: columns are channels, as the gradient of the input has them. */
  transpose,
  order,
}

/**
 * y = up·slope + (toMean + toVariance·(x − mean)), the gradient of a batch norm's input; up counts as 0 where x·a + b isn't
 * positive, if a and b are there. x is seen as by channelSums. Tiles: chunks.
 */
export enum NormGradientField {
  n = 4,
  channels,
  width,
  rows,
  x,
  up,
  slope,
  mean,
  toVariance,
  toMean,
  a,
  b,
  y,
}

/**
 * The gradient of a convolution's weights from images x and the gradient of what they became; `groups` partial sums of
 * it. Tiles: rows of the gradients.
 */
export enum ConvWeightField {
  x = 4,
  dy,
  y,
  images,
  /** Size of an image of x. */
  height,
  width,
  channels,
  /** Size of an image of dy. */
  rows,
  columns,
  filters,
  kernelY,
  kernelX,
  strideY,
  strideX,
  top,
  left,
  dilationY,
  dilationX,
  /** All pixels are summed by so many chunks: whole images or, if not 0, this many parts of an image. */
  chunks,
  parts,
  groups,
  /** 1: each row of the gradient has its own pointer into padded planes; 0: taps, by tiles of channels. */
  byRows,
  /** Where parts of the scratch begin, in bytes. */
  beside,
  panel,
  packed,
}

/** What the threads and TypeScript share while a plan runs; words from the start of the control block. */
export enum Control {
  /** Threads that have arrived at the barrier. */
  arrived = 0,
  /** Crossings so far; apart from `arrived` by a cache line, as waiting threads read it all the time. */
  phase = 16,
  sleepers = 17,
  /** Set by TypeScript (or a guard): leave after the current step. */
  stop = 32,
  /** Set by TypeScript when a thread died: leave the barrier at once. */
  abort = 33,
  /** Steps done, for progress. */
  step = 34,
  /** Thread 0's decision at the end of a step: 1 = all leave. */
  leave = 35,
  /** Naps of 0.2 s for which a barrier waits for a late thread before giving it up as lost. */
  naps = 36,
  /** For each thread, the byte address of the instruction it has reached: the watchdog's evidence. */
  at = 48,
  words = 112,
}

export enum Limit {
  threads = 64,
  /** The kernels' static data are below; plans, variables and buffers above. */
  arena = 65536,
  /** The tile of the micro-kernels without fused multiply-add, by which products are divided among threads. */
  panelColumns = 8,
  panelRows = 5,
  /** Rows of the tile with fused multiply-add, the tallest. */
  fusedRows = 6,
  /** Elements in one tile of an elementwise operator: a cache line, so that threads don't share one. */
  elements = 16,
  /** Elements in one tile of a copy. */
  copied = 1024,
  /** Rows of an image in one tile of maxPoolScatter: with windows of 3 × 3 at stride 2, one in ten is seen twice. */
  band = 20,
  /** Pixels of one partial sum of a depthwise convolution's weights, made up to whole rows. */
  pixels = 512,
  /** Elements of one partial sum of squares. */
  chunk = 8192,
  /** Greatest depth of a packed block of B. */
  depth = 400,
  /** Most rows that a packed panel of B serves before it is packed again: whole tiles of both builds. */
  panelUses = 660,
  /** Floats of A packed at a time, to stay in the L2 cache, if there are more columns than packingPays. */
  packed = 160_000,
  packingPays = 48,
  /** Most tiles of a loss of angles, each of which has sums of its own for all pairs: n·n floats. */
  angleTiles = 24,
  /** Bytes of scratch for one product's instruction of a batch. */
  copiedInstruction = 128,
}

/** What `run` returns instead of the next step. */
export enum Fault {
  aborted = -1,
  timeout = -2,
}

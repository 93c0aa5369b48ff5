import { Control, Header, Opcode } from '../src/backends/wasm/layout';
import { meet } from './barrier';
import { conv } from './conv/conv';
import { depthwise } from './conv/depthwise';
import { depthwiseWeight } from './conv/depthwise-weight';
import { packWeights } from './conv/pack-weights';
import { convWeight } from './conv/weight';
import { copy } from './copy/copy';
import { turn } from './copy/turn';
import { word } from './fields';
import { channelJoin } from './norm/channel-join';
import { channelSums } from './norm/channel-sums';
import { normGradient } from './norm/norm-gradient';
import { adam } from './ops/adam';
import { angleLoss } from './ops/angle-loss';
import { batchedMatmul } from './ops/batched-matmul';
import { binary } from './ops/binary';
import { chain } from './ops/chain';
import { dropout } from './ops/dropout';
import { gather, gatherImages, viewIndex } from './ops/gather';
import { kdLoss } from './ops/kd-loss';
import { matmul } from './ops/matmul';
import { maxNorm } from './ops/max-norm';
import { oneHot } from './ops/one-hot';
import { permutation } from './ops/permutation';
import { random } from './ops/random';
import { reduce } from './ops/reduce';
import { rowsWrite } from './ops/rows-write';
import { sgd } from './ops/sgd';
import { softmax } from './ops/softmax';
import { stepRead, stepWrite } from './ops/step';
import { sumOfSquares } from './ops/sum-of-squares';
import { unary } from './ops/unary';
import { averagePool, averagePoolSpread } from './pool/average-pool';
import { maxPool } from './pool/max-pool';
import { maxPoolGather } from './pool/max-pool-gather';
import { maxPoolScatter } from './pool/max-pool-scatter';

/** The registry of kernels: tiles [lo, hi) of the instruction at `at`, by one thread. */
function execute(
  opcode: i32,
  at: usize,
  lo: i32,
  hi: i32,
  scratch: usize,
  control: usize,
  step: i32,
  seed: u32,
): void {
  switch (opcode) {
    case Opcode.matmul:
      return matmul(at, lo, hi, scratch);
    case Opcode.batchedMatmul:
      return batchedMatmul(at, lo, hi, scratch);
    case Opcode.binary:
      return binary(at, lo, hi);
    case Opcode.unary:
      return unary(at, lo, hi);
    case Opcode.reduce:
      return reduce(at, lo, hi);
    case Opcode.maxPool:
      return maxPool(at, lo, hi);
    case Opcode.maxPoolGather:
      return maxPoolGather(at, lo, hi);
    case Opcode.maxPoolScatter:
      return maxPoolScatter(at, lo, hi);
    case Opcode.averagePool:
      return averagePool(at, lo, hi);
    case Opcode.averagePoolSpread:
      return averagePoolSpread(at, lo, hi);
    case Opcode.depthwise:
      return depthwise(at, lo, hi, scratch);
    case Opcode.depthwiseWeight:
      return depthwiseWeight(at, lo, hi, scratch);
    case Opcode.copy:
      return copy(at, lo, hi);
    case Opcode.turn:
      return turn(at, lo, hi);
    case Opcode.softmax:
      return softmax(at, lo, hi, scratch);
    case Opcode.kdLoss:
      return kdLoss(at, lo, hi, scratch);
    case Opcode.oneHot:
      return oneHot(at, lo, hi);
    case Opcode.dropout:
      return dropout(at, lo, hi, scratch, step, seed);
    case Opcode.gather:
      return gather(at, lo, hi);
    case Opcode.gatherImages:
      return gatherImages(at, lo, hi, scratch, step, seed);
    case Opcode.viewIndex:
      return viewIndex(at, lo, hi, scratch, step, seed);
    case Opcode.random:
      return random(at, lo, hi, scratch, step, seed);
    case Opcode.permutation:
      return permutation(at, scratch, step, seed);
    case Opcode.stepRead:
      return stepRead(at, step);
    case Opcode.stepWrite:
      return stepWrite(at, step, control);
    case Opcode.rowsWrite:
      return rowsWrite(at, lo, hi);
    case Opcode.sgd:
      return sgd(at, lo, hi);
    case Opcode.adam:
      return adam(at, lo, hi);
    case Opcode.maxNorm:
      return maxNorm(at, lo, hi);
    case Opcode.sumOfSquares:
      return sumOfSquares(at, lo, hi);
    case Opcode.chain:
      return chain(at, lo, hi, scratch);
    case Opcode.normGradient:
      return normGradient(at, lo, hi, scratch);
    case Opcode.channelSums:
      return channelSums(at, lo, hi, scratch);
    case Opcode.channelJoin:
      return channelJoin(at, lo, hi);
    case Opcode.conv:
      return conv(at, lo, hi, scratch);
    case Opcode.packWeights:
      return packWeights(at, lo, hi);
    case Opcode.convWeight:
      return convWeight(at, lo, hi, scratch);
    case Opcode.angleLoss:
      return angleLoss(at, lo, hi);
    default:
      unreachable();
  }
}

/**
 * Runs steps [from, to) of a plan as thread `thread` of `threads`; every member of the team calls it with the same
 * arguments except `thread` and `scratch`. Returns the step after the last one run, or a negative Fault.
 */
export function run(
  plan: usize,
  control: usize,
  scratch: usize,
  thread: i32,
  threads: i32,
  spins: i32,
  from: i32,
  to: i32,
  seed: u32,
): i32 {
  for (let step = from; step < to; step++) {
    const fault = runStep(plan, control, scratch, thread, threads, spins, step, seed);
    if (fault != 0) return fault;
    if (thread == 0) {
      atomic.store<i32>(control + ((<usize>Control.step) << 2), step + 1);
      atomic.store<i32>(
        control + ((<usize>Control.leave) << 2),
        atomic.load<i32>(control + ((<usize>Control.stop) << 2)),
      );
    }
    const met = meet(control, threads, spins);
    if (met != 0) return -met;
    if (atomic.load<i32>(control + ((<usize>Control.leave) << 2)) != 0) return step + 1;
  }
  return to;
}

function runStep(
  plan: usize,
  control: usize,
  scratch: usize,
  thread: i32,
  threads: i32,
  spins: i32,
  step: i32,
  seed: u32,
): i32 {
  const progress = control + ((<usize>(Control.at + thread)) << 2);
  let at = plan;
  for (let opcode = word(at, Header.opcode); opcode != Opcode.end; opcode = word(at, Header.opcode)) {
    if (word(at, Header.barrier) != 0) {
      atomic.store<i32>(progress, <i32>at);
      const met = meet(control, threads, spins);
      if (met != 0) return -met;
    }
    const tiles = <i64>word(at, Header.tiles);
    const lo = <i32>((tiles * thread) / threads);
    const hi = <i32>((tiles * (thread + 1)) / threads);
    if (lo < hi) execute(opcode, at, lo, hi, scratch, control, step, seed);
    at += (<usize>word(at, Header.words)) << 2;
  }
  atomic.store<i32>(progress, <i32>at);
  return 0;
}

import { Control, StepReadField as R, StepWriteField as W } from '../../src/backends/wasm/layout';
import { address, word } from '../fields';

/** y = this step's row of x. */
export function stepRead(at: usize, step: i32): void {
  const bytes = <usize>word(at, R.bytes);
  memory.copy(address(at, R.y), address(at, R.x) + <usize>(step % word(at, R.steps)) * bytes, bytes);
}

/** This step's row of y = x. A guarded value that isn't finite asks the team to leave after this step. */
export function stepWrite(at: usize, step: i32, control: usize): void {
  const bytes = <usize>word(at, W.bytes);
  const x = address(at, W.x);
  memory.copy(address(at, W.y) + <usize>(step % word(at, W.steps)) * bytes, x, bytes);
  if (word(at, W.guard) == 0) return;
  for (let i: usize = 0; i < bytes; i += 4) {
    if (!isFinite<f32>(load<f32>(x + i))) atomic.store<i32>(control + ((<usize>Control.stop) << 2), 1);
  }
}

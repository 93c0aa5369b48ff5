import { expect } from 'vitest';
import { type Engine, type TrainingState, type TrainOptions, train } from 'wasm-distill';

/** The state of a training that its signal stopped after so many steps. */
export async function stoppedAfter(
  steps: number,
  engine: Engine,
  options: TrainOptions,
): Promise<TrainingState> {
  const controller = new AbortController();
  let state: TrainingState | undefined;
  const onCheckpoint = (reached: TrainingState) => {
    if (controller.signal.aborted) state = reached;
  };
  const control = { signal: controller.signal, onCheckpoint };
  const stopping = stoppingAt(steps, engine, () => controller.abort());
  await expect(train(stopping, options, control)).rejects.toMatchObject({ code: 'aborted' });
  expect(state!.step).toBe(steps);
  return state!;
}

/** The engine, but that steps end where a signal would have ended them. */
function stoppingAt(last: number, engine: Engine, stop: () => void): Engine {
  const load: Engine['load'] = async (plans) => {
    const session = await engine.load(plans);
    const run: typeof session.run = async (plan, { from = 0, steps = 1, ...others } = {}) => {
      const ends = plan === 'step' && from + steps >= last;
      const reached = await session.run(plan, { ...others, from, steps: ends ? last - from : steps });
      if (ends) stop();
      return reached;
    };
    const { has, write, read, close } = session;
    const bound = { has: has.bind(session), write: write.bind(session), read: read.bind(session) };
    return { ...bound, close: close.bind(session), run };
  };
  return { load } as Engine;
}

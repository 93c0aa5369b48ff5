import { createEngine, loadMnist, weightsSha256 } from 'wasm-distill';
import { type Listener, runDistillation } from '../../demo/run.ts';
import { Saved } from '../../demo/saved.ts';
import type { Mnist } from '../../demo/sets.ts';
import type { Settings } from '../../demo/settings.ts';

export const silent: Listener = { stage: () => {}, progress: () => {}, learned: () => {}, taught: () => {} };

/** The demo's training in Node, stopped and taken up again each time `interrupt` says so: hashes of the students. */
export async function distilInNode(
  settings: Settings,
  interrupt: (listen: (listener: Partial<Listener>) => void, stop: () => void) => void = () => {},
  data: () => Promise<Mnist> = loadMnist,
): Promise<{ hard: string; distilled: string; stops: number }> {
  const engine = await createEngine();
  try {
    const mnist = await data();
    const saved = await Saved.open(() => {});
    let controller = new AbortController();
    const listener: Listener = { ...silent };
    interrupt(
      (told) => Object.assign(listener, told),
      () => controller.abort(),
    );
    for (let stops = 0; ; stops++) {
      try {
        const { hard, distilled } = await runDistillation(
          engine,
          { settings, mnist, saved, listener },
          controller.signal,
        );
        return { hard: await weightsSha256(hard), distilled: await weightsSha256(distilled), stops };
      } catch (error) {
        if ((error as { code?: string }).code !== 'aborted') throw error;
        controller = new AbortController();
      }
    }
  } finally {
    await engine.close();
  }
}

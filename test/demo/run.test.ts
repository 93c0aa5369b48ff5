import { expect, test, vi } from 'vitest';
import { distilInNode } from './in-node.ts';
import { SMALL } from './page.ts';

vi.setConfig({ testTimeout: 180_000 });

test('a training stopped in every stage ends with the weights of one that never was', async () => {
  const whole = await distilInNode(SMALL);
  const stopped = await distilInNode(SMALL, (listen, stop) => {
    let at = 0;
    // In the midst of the teachers' epoch, of the soft targets, and of the students.
    const places = [
      (job: string, samples: number) => job === 'teacher 2' && samples > 5000,
      (job: string) => job === 'test',
      (job: string, samples: number) => job === 'distilled' && samples > 8000,
    ];
    listen({
      progress: (job, samples) => {
        if (!places[at]?.(job, samples)) return;
        at++;
        stop();
      },
    });
  });
  expect(stopped).toEqual({ ...whole, stops: 3 });
});

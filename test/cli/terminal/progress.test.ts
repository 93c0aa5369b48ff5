import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../cli/terminal/progress.ts';

function stream(isTTY: boolean) {
  const written: string[] = [];
  const target = new PassThrough().on('data', (bytes: Buffer) => written.push(bytes.toString()));
  return { target: Object.assign(target, { isTTY, columns: 110 }) as never, text: () => written.join('') };
}

describe('progress', () => {
  it('has a bar for each stage under way on a terminal, and leaves a line of each finished one', async () => {
    const { target, text } = stream(true);
    const progress = createProgress(target);
    const first = progress.start('teacher 1', 1000);
    const second = progress.start('teacher 2', 1000, 500);
    await new Promise((resolve) => setTimeout(resolve, 20));
    first.update(250);
    second.update(750);
    second.note('epoch 3/4, 12 test errors');
    progress.say('something happened');
    expect(text()).toMatch(/teacher 1 .*━.*─.* 25% +[\d,]+ samples\/s +\d:\d\d left/);
    expect(text()).toMatch(
      /teacher 2 .*━.*─.* 75% +[\d,]+ samples\/s +\d:\d\d left.*epoch 3\/4, 12 test errors/,
    );
    expect(text()).toContain('something happened\n');
    first.done('4 epochs, 10 test errors');
    expect(text()).toMatch(/✓.* teacher 1 +4 epochs, 10 test errors, \d\.\d\d s\n/);
    progress.close();
    const length = text().length;
    progress.close();
    expect(text()).toHaveLength(length);
    // The cursor is shown again.
    expect(text().lastIndexOf('\u001b[?25h')).toBeGreaterThan(text().lastIndexOf('\u001b[?25l'));
  });

  it('writes plain lines elsewhere', () => {
    const { target, text } = stream(false);
    const progress = createProgress(target);
    const bar = progress.start('teacher 1', 1000);
    bar.update(250);
    bar.note('epoch 1/4, 99 test errors');
    bar.done('4 epochs, 10 test errors');
    progress.close();
    expect(text()).toMatch(
      /^teacher 1: epoch 1\/4, 99 test errors, [\d,]+ samples\/s {2}\d:\d\d left\nteacher 1: 4 epochs, 10 test errors, \d\.\d\d s\n$/,
    );
  });

  it('writes nothing where nothing was under way', () => {
    for (const isTTY of [true, false]) {
      const { target, text } = stream(isTTY);
      createProgress(target).close();
      expect(text()).toBe('');
    }
  });
});

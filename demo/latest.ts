/**
 * Calls `work` with the newest argument only: while one call is under way, those that come meanwhile are skipped but for
 * the last.
 */
export function latest<T>(work: (argument: T) => Promise<void>): (argument: T) => void {
  let next: { argument: T } | undefined;
  let busy = false;
  return async (argument) => {
    next = { argument };
    if (busy) return;
    busy = true;
    while (next) {
      const now: { argument: T } = next;
      next = undefined;
      await work(now.argument);
    }
    busy = false;
  };
}

const waiting: (() => void)[] = [];

/** Each in a frame of its own: style and layout of all that changes in one frame are one task, which holds up the page. */
function inAFrame(draw: () => void): void {
  waiting.push(draw);
  if (waiting.length === 1) requestAnimationFrame(nextFrame);
}

function nextFrame(): void {
  const draw = waiting.shift()!;
  if (waiting.length > 0) requestAnimationFrame(nextFrame);
  draw();
}

/**
 * Calls `draw` soon, however often it is asked for: every `ms` milliseconds at most, in another frame than all else that is
 * paced, and not while the page is hidden.
 */
export function paced(draw: () => void, ms = 100): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    setTimeout(
      () =>
        inAFrame(() => {
          asked = false;
          draw();
        }),
      ms,
    );
  };
}

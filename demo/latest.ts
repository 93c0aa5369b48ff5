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

/** Calls `draw` once before the next frame, however often it is asked for; not at all while the page is hidden. */
export function eachFrame(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

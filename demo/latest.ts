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

/** Calls `draw` soon, however often it is asked for: every `ms` milliseconds at most, and not while the page is hidden. */
export function paced(draw: () => void, ms = 100): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    setTimeout(
      () =>
        requestAnimationFrame(() => {
          asked = false;
          draw();
        }),
      ms,
    );
  };
}

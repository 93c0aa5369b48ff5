import { notice } from './notices.ts';

const LOCK = 'wasm-distill demo';

/**
 * Calls `open` when no other tab has this page at work: they would share, and spoil, one saved training. A tab that has to
 * wait says so, and goes on by itself when the other one is closed.
 */
export async function whenAlone(open: () => void): Promise<void> {
  // Browsers offer locks, like the hashes that training needs, to secure pages only; the lab will say so.
  if (!navigator.locks) return open();
  const hold = () => {
    open();
    return new Promise<void>(() => {});
  };
  // Resolves only where the lock was refused.
  await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && hold());
  const over = notice(
    'status',
    'This page is open in another tab, which has the training. Close that tab, and this one takes over.',
  );
  await navigator.locks.request(LOCK, () => {
    over();
    return hold();
  });
}

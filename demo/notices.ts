import { byId, element } from './dom.ts';

/** Tells the person what happened; answers how to take it back. An alert interrupts a screen reader, a status waits. */
export function notice(role: 'alert' | 'status', message: string): () => void {
  const close = element('button', { type: 'button', 'aria-label': 'Dismiss' }, '×');
  const box = element('div', { class: `notice ${role}`, role }, element('p', {}, message), close);
  close.addEventListener('click', () => box.remove());
  byId('notices').append(box);
  return () => box.remove();
}

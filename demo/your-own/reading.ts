import { byId, element } from '../dom.ts';
import type { Choices, Reading } from './messages.ts';

/** How data are read, where one can choose: which column is the label, how large images become, what is missing. */
export class ReadingControls {
  #label = byId<HTMLSelectElement>('label');
  #size = byId<HTMLSelectElement>('size');
  #fill = byId<HTMLInputElement>('fill');
  #found = '';

  constructor(onChange: () => void) {
    byId('reading').addEventListener('change', onChange);
  }

  read(): Reading {
    return {
      ...(this.#label.value !== '' && { label: this.#label.value }),
      ...(this.#size.value !== '' && { size: Number(this.#size.value) }),
      ...(this.#fill.checked && { fill: true }),
    };
  }

  /** Other data: nothing is chosen yet. */
  reset(): void {
    this.#label.replaceChildren();
    this.#size.value = '';
    this.#fill.checked = false;
    byId('reading').hidden = true;
  }

  /** Shows what there is to choose. `label`: the column that was taken for it. */
  offer({ columns, images }: Choices, label?: string | null): void {
    const wanted = this.#label.value;
    if (wanted === '') this.#found = label ? `found by itself: ${label}` : 'choose one';
    if (columns)
      this.#label.replaceChildren(
        element('option', { value: '' }, this.#found),
        ...columns.map((name) => element('option', { value: name }, name)),
      );
    this.#label.value = columns?.includes(wanted) ? wanted : '';
    byId('label-field').hidden = !columns;
    byId('fill-field').hidden = !columns || images;
    byId('size-field').hidden = !images;
    byId('reading').hidden = !columns && !images;
  }
}

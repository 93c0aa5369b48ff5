import { byId, element } from './dom.ts';
import { paintDigit, paintMap } from './image.ts';
import type { FromLab } from './messages.ts';
import { TEACHINGS } from './teaching.ts';

/** Where the teacher and the student look in a digit of each kind, while the student learns. */
export class AttentionMaps {
  #digits: readonly Uint8Array[] = [];
  #rows: { teacher: HTMLCanvasElement[]; student: HTMLCanvasElement[] } | undefined;

  open(digits: readonly Uint8Array[]): void {
    this.#digits = digits;
  }

  show({ teaching, ...maps }: Extract<FromLab, { kind: 'maps' }>): void {
    this.#rows ??= this.#made();
    for (const who of ['teacher', 'student'] as const)
      for (const [i, canvas] of this.#rows[who].entries())
        paintMap(canvas, maps[who].maps[i]!, maps[who].side);
    byId('looking').textContent = TEACHINGS[teaching].looking;
    byId('attention').hidden = false;
  }

  forget(): void {
    byId('attention').hidden = true;
  }

  #made() {
    const row = (name: string, role: string) => {
      const canvases = this.#digits.map((_, digit) =>
        element('canvas', {
          class: 'map',
          role: 'img',
          'aria-label': `Where the ${name} looks in a written ${digit}`,
        }),
      );
      byId('maps').append(element('span', { class: `who ${role}` }, name), ...canvases);
      return canvases;
    };
    const digits = row('digit', '');
    for (const [i, canvas] of digits.entries()) {
      canvas.width = 28;
      canvas.height = 28;
      canvas.setAttribute('aria-label', `A written ${i}`);
      paintDigit(canvas, this.#digits[i]!);
    }
    return { teacher: row('teacher', 'ensemble'), student: row('student', 'distilled') };
  }
}

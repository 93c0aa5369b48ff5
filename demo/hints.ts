import { drawCurves } from './curves.ts';
import { byId } from './dom.ts';
import { paced } from './latest.ts';
import type { Point } from './saved.ts';
import { STUDENT_EPOCHS } from './settings.ts';

/** FitNets' first stage: how far the student's guided layer is from predicting the hint, by epoch. */
export class HintCurve {
  #points: readonly Point[] | undefined;
  #draw = paced(() => this.#paint());

  constructor() {
    new ResizeObserver(this.#draw).observe(byId('hint-curve'));
  }

  /** None hides it. */
  show(points: readonly Point[] | undefined): void {
    if (points === this.#points) return;
    this.#points = points;
    byId('hints').hidden = !points;
    this.#draw();
  }

  #paint(): void {
    const points = (this.#points ?? []).map(({ epoch, loss }) => ({ epoch, value: short(loss) }));
    if (points.length === 0) return;
    drawCurves(byId('hint-curve'), {
      ...{ of: 'Error of the hints', unit: '', epochs: STUDENT_EPOCHS, height: 140 },
      ...{ curves: [{ title: 'hints', role: 'distilled', points }], empty: [1, 10] },
    });
  }
}

/** Three digits of it. */
export function short(loss: number): number {
  return Number(loss.toPrecision(3));
}

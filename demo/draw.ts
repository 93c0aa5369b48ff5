import { byId } from './dom.ts';

const SIDE = 280;
const STROKE = 22;
const KEY_STEP = 8;

/**
 * The canvas to draw a digit on, by pointer or by keyboard: arrows move a pen, Space lowers and lifts it, Escape clears.
 * `onChange` gets the ink, 0 to 255 by row, whenever there is more or none.
 */
export function drawingCanvas(onChange: (ink: Uint8Array, side: number) => void): void {
  const canvas = byId<HTMLCanvasElement>('drawing');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.lineWidth = STROKE;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = '#fff';
  const pen = { x: SIDE / 2, y: SIDE / 2, down: false };

  const told = () => {
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    onChange(
      Uint8Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i + 3]!),
      SIDE,
    );
  };
  const clear = () => {
    context.clearRect(0, 0, SIDE, SIDE);
    told();
  };
  const moveTo = (x: number, y: number) => {
    if (pen.down) {
      context.beginPath();
      context.moveTo(pen.x, pen.y);
      context.lineTo(x, y);
      context.stroke();
      told();
    }
    Object.assign(pen, { x, y });
  };
  const place = ({ offsetX, offsetY }: PointerEvent) =>
    [(offsetX * SIDE) / canvas.clientWidth, (offsetY * SIDE) / canvas.clientHeight] as const;
  const showPen = () => {
    const mark = byId('pen');
    mark.style.translate = `${(100 * pen.x) / SIDE}cqw ${(100 * pen.y) / SIDE}cqw`;
    mark.classList.toggle('down', pen.down);
  };

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.down = false;
    moveTo(...place(event));
    pen.down = true;
    moveTo(...place(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.buttons) moveTo(...place(event));
  });
  canvas.addEventListener('pointerup', () => {
    pen.down = false;
    showPen();
  });
  canvas.addEventListener('keydown', (event) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (event.key === 'Escape') clear();
    else if (event.key === ' ') pen.down = !pen.down;
    else if (!(event.key in ARROWS)) return;
    event.preventDefault();
    const within = (at: number) => Math.max(0, Math.min(SIDE, at));
    moveTo(within(pen.x + dx * KEY_STEP), within(pen.y + dy * KEY_STEP));
    showPen();
  });
  byId('clear').addEventListener('click', clear);
  showPen();
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

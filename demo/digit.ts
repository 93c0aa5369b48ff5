/** Ink on a surface: 0 none to 255, row by row. */
export interface Drawing {
  ink: Uint8Array;
  width: number;
  height: number;
}

const SIDE = 28;
const BOX = 20;

/**
 * A drawing as MNIST has its digits: scaled into 20 × 20 pixels keeping its proportions, then placed into 28 × 28 by its
 * center of mass (yann.lecun.com/exdb/mnist). Undefined where there is no ink.
 */
export function asMnist(drawing: Drawing): Uint8Array | undefined {
  const bounds = inkBounds(drawing);
  if (!bounds) return undefined;
  const scale = Math.max(bounds.width, bounds.height) / BOX;
  const width = Math.max(1, Math.round(bounds.width / scale));
  const height = Math.max(1, Math.round(bounds.height / scale));
  const small = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      small[y * width + x] = meanInk(drawing, bounds.left + x * scale, bounds.top + y * scale, scale);
  return centered(small, width, height);
}

function inkBounds({ ink, width, height }: Drawing) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!ink[y * width + x]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Mean over a square of the drawing, by whole pixels; what lies outside has no ink. */
function meanInk({ ink, width, height }: Drawing, left: number, top: number, side: number): number {
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  const [x1, y1] = [Math.max(x0 + 1, Math.floor(left + side)), Math.max(y0 + 1, Math.floor(top + side))];
  let sum = 0;
  for (let y = y0; y < Math.min(y1, height); y++)
    for (let x = x0; x < Math.min(x1, width); x++) sum += ink[y * width + x]!;
  return sum / ((x1 - x0) * (y1 - y0));
}

function centered(small: Float32Array, width: number, height: number): Uint8Array {
  let [mass, massX, massY] = [0, 0, 0];
  small.forEach((ink, i) => {
    mass += ink;
    massX += ink * (i % width);
    massY += ink * Math.floor(i / width);
  });
  // MNIST has its digits' centers at pixel 14, counting from 0, rather than between 13 and 14.
  const place = (center: number, size: number) =>
    Math.max(0, Math.min(SIDE - size, Math.round(SIDE / 2 - center)));
  const left = place(massX / mass, width);
  const top = place(massY / mass, height);
  const digit = new Uint8Array(SIDE * SIDE);
  small.forEach((ink, i) => {
    digit[(top + Math.floor(i / width)) * SIDE + left + (i % width)] = Math.round(ink);
  });
  return digit;
}

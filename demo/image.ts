import { heat } from '../cli/report/heat-color.ts';

/** Paints a map of side × side bytes, dark blue for 0 to bright yellow for 255. */
export function paintMap(canvas: HTMLCanvasElement, map: Uint8Array, side: number): void {
  canvas.width = side;
  canvas.height = side;
  const pixels = new ImageData(side, side);
  map.forEach((value, i) => {
    pixels.data.set([...heat(value), 255], 4 * i);
  });
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
}

/** Paints 28 × 28 bytes, 0 black to 255 white, as MNIST has them. */
export function paintDigit(canvas: HTMLCanvasElement, image: Uint8Array): void {
  const pixels = new ImageData(28, 28);
  image.forEach((ink, i) => {
    pixels.data.set([ink, ink, ink, 255], 4 * i);
  });
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
}

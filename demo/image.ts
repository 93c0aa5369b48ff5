/** Paints 28 × 28 bytes, 0 black to 255 white, as MNIST has them. */
export function paintDigit(canvas: HTMLCanvasElement, image: Uint8Array): void {
  const pixels = new ImageData(28, 28);
  image.forEach((ink, i) => {
    pixels.data.set([ink, ink, ink, 255], 4 * i);
  });
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
}

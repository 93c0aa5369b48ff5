import picocolors from 'picocolors';

/** Whether a stream is a terminal that moves its cursor. */
export function isScreen(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** Colors for a stream; a pipe or a file gets plain text, whatever the environment says. */
export function colorsFor(stream: { isTTY?: boolean }): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(isScreen(stream) && !process.env.NO_COLOR);
}

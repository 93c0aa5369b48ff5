/** JSON as it is printed and written: indented, and with a newline at its end, as files have. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

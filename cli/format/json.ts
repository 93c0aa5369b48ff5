/** JSON as it is printed and written: indented, and ending with a newline, as files do. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

import picocolors from 'picocolors';

/** A pipe or a file gets plain text, whatever the environment says. */
const pc = picocolors.createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);

/** Rows under a heading in aligned columns; the first column left-aligned, numbers right-aligned. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [pc.bold(line(heading)), ...rows.map(line)].join('\n');
}

/** Names and values, one pair a line. */
export function facts(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${pc.dim(name.padEnd(width))}  ${value}`).join('\n');
}

import { appendFile } from 'node:fs/promises';
import { readIfThere, writeAtomic } from '../cli/files/run-files.ts';

/** A finished training, by the hash of what determines it. */
export interface Entry {
  key: string;
  name: string;
  errors: number;
  /** Test samples, and how many of them a constant answer gets wrong. */
  of: number;
  constant: number;
  collapsed: boolean;
  seconds: number;
}

/** Finished trainings in a file of JSON lines, which grows by a line each: a killed process loses none. */
export class Journal {
  private constructor(
    private readonly path: string,
    private readonly entries: Map<string, Entry>,
  ) {}

  static async open(path: string): Promise<Journal> {
    const text = new TextDecoder().decode((await readIfThere(path)) ?? new Uint8Array());
    // A line without an end is what a killed process left.
    const lines = text.split('\n').slice(0, -1);
    if (text !== '' && !text.endsWith('\n'))
      await writeAtomic(path, lines.map((line) => `${line}\n`).join(''));
    const entries = lines.map((line) => JSON.parse(line) as Entry);
    return new Journal(path, new Map(entries.map((entry) => [entry.key, entry])));
  }

  get(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  async add(entry: Entry): Promise<void> {
    this.entries.set(entry.key, entry);
    await appendFile(this.path, `${JSON.stringify(entry)}\n`);
  }
}

import { type Command, Option } from 'commander';
import * as v from 'valibot';
import { UsageError } from '../terminal/usage.ts';

/** An option of the command line; the schema reads what was typed, and its message completes "--name must be …". */
export interface Definition {
  flags: string;
  help: string;
  schema: v.GenericSchema;
  value?: string | number | number[];
  /** May be given several times: the schema reads the list. */
  repeatable?: boolean;
}

export type Definitions = Record<string, Definition>;

/** The values of some of the options, read and checked. */
export type Values<D extends Definitions, K extends keyof D> = { [N in K]: v.InferOutput<D[N]['schema']> };

/** How one command redefines an option. */
type Changes<D extends Definitions> = {
  [N in keyof D]?: Partial<Pick<Definition, 'flags' | 'help' | 'value'>>;
};

/** The options of a program; its commands pick theirs by name. */
export function optionSet<D extends Definitions>(definitions: D) {
  return {
    /** Gives a command some of the options; `changes` are what differs for this command. */
    addOptions<K extends string & keyof D>(
      command: Command,
      names: readonly K[],
      changes: Changes<D> = {},
    ): Command {
      for (const name of names) {
        const { flags, help, value, repeatable }: Definition = { ...definitions[name]!, ...changes[name] };
        const option = new Option(flags, help);
        if (value !== undefined) option.default(String(value), String(value));
        if (repeatable)
          option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]);
        command.addOption(option);
      }
      return command;
    },

    /** Reads what commander collected. @throws UsageError */
    readOptions<K extends string & keyof D>(names: readonly K[], raw: Record<string, unknown>): Values<D, K> {
      const read = names.map((name) => {
        const { schema, flags }: Definition = definitions[name]!;
        const result = v.safeParse(schema, raw[name]);
        if (result.success) return [name, result.output];
        const [{ message, path: [item] = [] }] = result.issues;
        const wrong = item ? (raw[name] as unknown[])[Number(item.key)] : raw[name];
        throw new UsageError(`${flags.split(' ')[0]} must be ${message}, not ${JSON.stringify(wrong)}`);
      });
      return Object.fromEntries(read) as Values<D, K>;
    },
  };
}

import { expect, test } from 'vitest';
import { fieldsOf } from '#library/backends/wasm/fields.js';
import type { InstructionName } from '#library/backends/wasm/instruction.js';
import * as layout from '#library/backends/wasm/layout.js';

/** Each enumeration of words by the name of its instruction. */
const enumerations = Object.entries(layout)
  .filter(([name]) => name.endsWith('Field'))
  .map(([name, words]) => ({ name: name[0]!.toLowerCase() + name.slice(1, -'Field'.length), words }));

test.each(enumerations)('the fields of $name lie where the kernels read them', ({ name, words }) => {
  const fields = fieldsOf(name as InstructionName).map((field) => [field.name, field.word]);
  expect(Object.fromEntries(fields)).toEqual(
    Object.fromEntries(Object.entries(words).filter(([key]) => Number.isNaN(Number(key)))),
  );
});

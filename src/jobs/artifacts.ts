import { brandOf, shown } from '../checks.js';
import { demand } from '../errors.js';
import { aligned } from '../formats/aligned.js';
import type { AnswerCache } from '../teachers/callback-teacher.js';

/** The parts of a job's result, and what a running job leaves behind. */
export type Part = 'model' | 'checkpoint' | 'outputs' | 'result';

/** Where results are stored, each under its job's key: a folder, memory, a browser's database. */
export interface Artifacts {
  /** The bytes, or undefined if there are none. */
  read(key: string, part: Part): Promise<Uint8Array | undefined>;
  /** Replaces a part entirely or not at all. */
  write(key: string, part: Part, bytes: Uint8Array): Promise<void>;
  remove(key: string, part: Part): Promise<void>;
}

/** Artifacts that last as long as the process. */
export function memoryArtifacts(): Artifacts {
  const kept = new Map<string, Uint8Array>();
  const name = (key: string, part: Part) => `${key} ${part}`;
  return {
    read: async (key, part) => kept.get(name(key, part)),
    write: async (key, part, bytes) => void kept.set(name(key, part), bytes),
    remove: async (key, part) => void kept.delete(name(key, part)),
  };
}

/** A cache for `callbackTeacher` where results are stored, so that what a service has answered outlasts the process. */
export function answerCache(artifacts: Artifacts): Required<AnswerCache> {
  demand(
    typeof artifacts?.read === 'function' && typeof artifacts.write === 'function',
    () => `artifacts must have read, write and remove, as memoryArtifacts() has, not ${shown(artifacts)}`,
  );
  return {
    get: async (key) => {
      const bytes = await artifacts.read(key, 'outputs');
      if (bytes === undefined) return undefined;
      demand(
        brandOf(bytes) === 'Uint8Array' && bytes.length % 4 === 0,
        () => `the answer stored under ${key} is ${shown(bytes)}, no floats: remove it`,
        'bad-file',
      );
      const own = aligned(bytes, 4);
      return new Float32Array(own.buffer, own.byteOffset, own.length / 4);
    },
    set: (key, { buffer, byteOffset, byteLength }) =>
      artifacts.write(key, 'outputs', new Uint8Array(buffer, byteOffset, byteLength)),
  };
}

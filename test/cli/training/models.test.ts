import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Dataset, encodeModel } from 'wasm-distill';
import { classesOf } from 'wasm-distill/graph';
import { networkOf } from '../../../cli/training/plan.ts';
import { networkLike, sayStart, withInputOf } from '../../../cli/training/start.ts';
import { givenModel, namedTeacher, repeatedTeachers, teaching } from '../../../cli/training/teachers.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { syntheticData } from '../../support/golden.ts';
import { randomlyTrained } from '../../support/models.ts';

const NAMES = Array.from({ length: 10 }, (_, i) => `class ${i}`);
const data = syntheticData(50);
const architecture = networkOf('--model', '21', data);

async function saved(name: string, classNames?: string[]): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, encodeModel({ ...randomlyTrained(architecture), ...(classNames && { classNames }) }));
  return file;
}

function said(run: (progress: Parameters<typeof sayStart>[0]) => void): string[] {
  const lines: string[] = [];
  run({
    say: (line) => void lines.push(line),
    close: () => {},
    start: () => {
      throw new Error('no bar is needed');
    },
  });
  return lines;
}

describe('--teacher', () => {
  it('is a file where there is one, whatever its name, and else a network', async () => {
    const file = await saved('800');
    expect((await namedTeacher(file)).given?.file).toBe(file);
    expect(await namedTeacher('800,800')).toEqual({ network: '800,800' });
    await expect(namedTeacher('none.SAFETENSORS')).rejects.toThrow(/there is no file none\.SAFETENSORS/);
  });

  it('repeats networks, not files', async () => {
    const given = await namedTeacher(await saved('big.safetensors'));
    const [a, b] = [{ network: '8' }, { network: '9' }];
    expect(repeatedTeachers([a, given, b], 2)).toEqual([a, a, given, b, b]);
  });

  it('must know the classes; those that have names are found by these, which is said', async () => {
    const named = await givenModel(await saved('named.safetensors', NAMES));
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const progress = { say, close: () => {}, start: () => Promise.reject() } as never;
    const teach = (set: Dataset, options = {}) => teaching(named, set, options, progress);
    expect(await teach(data)).toBe(named);
    expect(await teach({ ...data, classNames: NAMES })).toBe(named);
    expect(lines).toEqual([]);
    const turned = [...NAMES].reverse();
    const other = await teach({ ...data, classNames: turned });
    expect(other.model.classNames).toEqual(turned);
    expect(other.reference.sha256).not.toBe(named.reference.sha256);
    expect(lines).toEqual([expect.stringMatching(/named\.safetensors: its classes are found among/)]);
    await expect(teach({ ...data, classNames: turned.map((name) => `another ${name}`) })).rejects.toThrow(
      /named\.safetensors: the model knows none of the classes/,
    );
    const fewer = { ...syntheticData(50, 9), classNames: NAMES.slice(1) };
    await expect(teach(fewer)).rejects.toThrow(/such as "class 0": --drop-classes leaves them out/);
    expect((await teach(fewer, { dropClasses: true })).model.classNames).toEqual(fewer.classNames);
    await expect(teach(syntheticData(50, 9))).rejects.toThrow(
      /the model has 10 classes, but the data have 9/,
    );
    await expect(teach(syntheticData(50, 10, 14))).rejects.toThrow(/takes/);
  });
});

describe('--from', () => {
  it('has the network of the model, with the classes of the data', async () => {
    const from = await givenModel(await saved('from.safetensors'));
    expect(networkLike(from, data)).toEqual(architecture);
    const fewer = syntheticData(50, 5);
    const made = networkLike(from, fewer);
    expect(classesOf(made)).toBe(5);
    expect(said((progress) => sayStart(progress, from, made, fewer))).toEqual([
      expect.stringMatching(
        /from\.safetensors: what goes on is the layer [^,]+, what begins anew the layer [^,]+$/,
      ),
    ]);
    expect(() => networkLike(from, syntheticData(50, 10, 14))).toThrow(/takes inputs of 12 × 12/);
  });

  it('begins the last layer anew where classes have other names', async () => {
    const from = await givenModel(await saved('named.safetensors', NAMES));
    const line = (classNames: string[]) =>
      said((progress) => sayStart(progress, from, architecture, { ...data, classNames }))[0];
    expect(line(NAMES)).not.toContain('anew');
    expect(line([...NAMES].reverse())).toContain('anew');
  });

  it("keeps the model's normalization, which its weights know", async () => {
    const normalization = { mean: [0.25], deviation: [0.5] };
    const given = await givenModel(await saved('from.safetensors'));
    const input = { ...given.model.architecture.input, values: 'bytes' as const, normalization };
    const from = { ...given, model: { ...given.model, architecture: { ...architecture, input } } };
    expect(withInputOf(from, architecture, data).input).toEqual(input);
    const floats = { ...data, inputs: { ...data.inputs, values: new Float32Array(50 * 144) } };
    expect(withInputOf(from, architecture, floats)).toBe(architecture);
    const larger = syntheticData(50, 10, 14);
    const other = networkOf('--model', '21', larger);
    expect(withInputOf(from, other, larger)).toBe(other);
  });
});

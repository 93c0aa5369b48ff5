import type { Command } from 'commander';
import { countParameters, decodeModel, multiplyAdds, weightsSha256 } from 'wasm-distill';
import { viewCount } from 'wasm-distill/data';
import {
  decodeCheckpoint,
  decodeSafetensors,
  decodeSoftTargets,
  type NamedTensor,
  readIdx,
} from 'wasm-distill/formats';
import { shorthandOf } from 'wasm-distill/graph';
import { readHistory } from 'wasm-distill/jobs';
import { read } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import { addOptions, type OptionName, readOptions } from '../options/options.ts';
import { unitsOf } from '../report/build.ts';
import { facts } from '../terminal/table.ts';

const OPTIONS = ['json'] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill info runs/distill-seed1/student.safetensors
  wasm-distill info runs/distill-seed1/soft-targets.safetensors
  wasm-distill info t10k-images-idx3-ubyte.gz --json`;

type Facts = Record<string, string | number | number[] | string[] | Record<string, string>>;

export function infoCommand(program: Command): void {
  const command = program
    .command('info')
    .summary('what is in a file')
    .description(
      'Says what is in a file: a model, a checkpoint, soft targets, any other safetensors, or IDX (plain or .gz).',
    )
    .argument('<file>', 'a safetensors or IDX file')
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS);
  command.action(async (file, raw) => {
    const options = readOptions(OPTIONS, raw);
    const found = await inspect(await read(file), file);
    process.stdout.write(options.json ? json({ file, ...found }) : `${facts(shown(found))}\n`);
  });
}

async function inspect(bytes: Uint8Array, file: string): Promise<Facts> {
  if (looksLikeIdx(bytes)) return { kind: 'IDX', type: 'u8', shape: (await readIdx(bytes, file)).shape };
  const { format } = decodeSafetensors(bytes, file).metadata;
  if (format === 'wasm-distill') return aboutModel(bytes, file);
  if (format === 'wasm-distill checkpoint') return aboutCheckpoint(bytes, file);
  if (format === 'wasm-distill soft targets') return aboutSoftTargets(bytes, file);
  return aboutTensors(bytes, file);
}

/** IDX starts with two zeros, gzip with 1f 8b. A safetensors header's length can look like either, but { follows it. */
function looksLikeIdx(bytes: Uint8Array): boolean {
  if (bytes[8] === 0x7b) return false;
  return (bytes[0] === 0 && bytes[1] === 0) || (bytes[0] === 0x1f && bytes[1] === 0x8b);
}

async function aboutModel(bytes: Uint8Array, file: string): Promise<Facts> {
  const { model, metadata } = decodeModel(bytes, file);
  const history = metadata.history === undefined ? [] : readHistory(metadata.history, file);
  const last = history.at(-1);
  return {
    kind: 'model',
    network: shorthandOf(model.architecture),
    layers: unitsOf(model.architecture),
    parameters: countParameters(model.architecture),
    multiplyAdds: multiplyAdds(model.architecture),
    weightsSha256: await weightsSha256(model),
    ...(last && { epochs: last.epoch, trainingLoss: last.loss, testErrors: last.testErrors }),
  };
}

function aboutCheckpoint(bytes: Uint8Array, file: string): Facts {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const state = decodeCheckpoint(bytes, metadata.fingerprint ?? '', file);
  return {
    kind: 'checkpoint',
    step: state.step,
    epochs: state.history.length,
    fingerprint: metadata.fingerprint ?? '',
    tensors: shapes(tensors.values()),
  };
}

function aboutSoftTargets(bytes: Uint8Array, file: string): Facts {
  const soft = decodeSoftTargets(bytes, file);
  const { temperature, classes, augment, probabilities, teachers, transferSet } = soft;
  const samples = probabilities.length / (classes * viewCount(augment));
  return {
    ...{ kind: 'soft targets', temperature, samples, classes },
    augment: augment.length === 0 ? 'none' : JSON.stringify(augment),
    ...{ teachers: [...teachers], transferSet },
  };
}

function aboutTensors(bytes: Uint8Array, file: string): Facts {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  return { kind: 'safetensors', tensors: shapes(tensors.values()), metadata: { ...metadata } };
}

function shapes(tensors: Iterable<NamedTensor>): Record<string, string> {
  return Object.fromEntries(
    [...tensors].map(({ name, dtype, shape }) => [name, `${dtype} ${shape.join(' × ')}`]),
  );
}

function isNumbers(value: Facts[string]): value is number[] {
  return Array.isArray(value) && typeof value[0] === 'number';
}

/** One line for each fact, or for each entry of a group of named ones. */
function shown(found: Facts): [string, string][] {
  return Object.entries(found).flatMap(([name, value]): [string, string][] => {
    if (isNumbers(value)) return [[name, value.join(' × ')]];
    if (typeof value === 'object')
      return Object.entries(value).map(([key, text]) => [`${name} ${key}`, text]);
    return [[name, String(value)]];
  });
}

import type { Command } from 'commander';
import {
  type Architecture,
  countParameters,
  decodeModel,
  multiplyAdds,
  parseShorthand,
  weightsSha256,
} from 'wasm-distill';
import { viewCount } from 'wasm-distill/data';
import {
  decodeCheckpoint,
  decodeSafetensors,
  decodeSoftTargets,
  type NamedTensor,
  readIdx,
} from 'wasm-distill/formats';
import { type LayerCost, layerCosts, shorthandOf } from 'wasm-distill/graph';
import { backendsIn, readHistory } from 'wasm-distill/jobs';
import { decodeInt8, INT8 } from '../files/load-models.ts';
import { exists, read } from '../files/run-files.ts';
import { json } from '../format/json.ts';
import { count, megaflop } from '../format/numbers.ts';
import { aboutOnnx } from '../onnx/about.ts';
import { addOptions, type OptionName, readOptions } from '../options/options.ts';
import { facts, table } from '../terminal/table.ts';

const OPTIONS = ['json'] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill info runs/distill-seed1/student.safetensors
  wasm-distill info runs/distill-seed1/soft-targets.safetensors
  wasm-distill info model.onnx
  wasm-distill info t10k-images-idx3-ubyte.gz --json
  wasm-distill info "28x28x1 conv16k5v pool conv32k5v pool dense128 dense10"`;

type Facts = Record<string, string | number | number[] | string[] | LayerCost[] | Record<string, string>>;

export function infoCommand(program: Command): void {
  const command = program
    .command('info')
    .summary('what is in a file, or what a network costs')
    .description(
      'Says what is in a file: a model, also an ONNX one, a checkpoint, soft targets, any other safetensors, or IDX (plain or .gz). Of models, and of networks in shorthand, it prints a table of layers.',
    )
    .argument(
      '<file>',
      'a safetensors, ONNX or IDX file, or a network in shorthand that begins with its input',
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS);
  command.action(async (file, raw) => {
    const options = readOptions(OPTIONS, raw);
    const found = (await isNetwork(file))
      ? { kind: 'network', ...aboutNetwork(parseShorthand(file).architecture) }
      : await inspect(await read(file), file);
    process.stdout.write(options.json ? json({ file, ...found }) : `${sections(found).join('\n\n')}\n`);
  });
}

/** Shorthand that names its input, unless there is such a file. */
async function isNetwork(text: string): Promise<boolean> {
  return /^\s*\d+([x×]\d+)*\s+\S/.test(text) && !(await exists(text));
}

function aboutNetwork(architecture: Architecture): Facts {
  return {
    network: shorthandOf(architecture),
    parameters: countParameters(architecture),
    multiplyAdds: multiplyAdds(architecture),
    layers: layerCosts(architecture),
  };
}

async function inspect(bytes: Uint8Array, file: string): Promise<Facts> {
  if (/\.onnx$/i.test(file)) return aboutOnnx(bytes, file);
  if (looksLikeIdx(bytes)) return { kind: 'IDX', type: 'u8', shape: (await readIdx(bytes, file)).shape };
  const { format } = decodeSafetensors(bytes, file).metadata;
  if (format === 'wasm-distill') return aboutModel(bytes, file);
  if (format === INT8) return aboutInt8(bytes, file);
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
    ...aboutNetwork(model.architecture),
    weightsSha256: await weightsSha256(model),
    ...trainedOn(metadata),
    ...(last && { epochs: last.epoch, trainingLoss: last.loss, testErrors: last.testErrors }),
  };
}

/** Weights that more than one backend has made aren't those that a seed gives in wasm. */
function trainedOn(metadata: Readonly<Record<string, string>>): Facts {
  const backends = backendsIn(metadata);
  return backends.length > 0 ? { trainedOn: backends.join(', ') } : {};
}

/** Of batch norm, folded into the weights, nothing is left; scales of weights don't count as parameters. */
async function aboutInt8(bytes: Uint8Array, file: string): Promise<Facts> {
  const { architecture } = await decodeInt8(bytes, file);
  return { kind: 'model with 8-bit weights', bytes: bytes.length, ...aboutNetwork(architecture) };
}

function aboutCheckpoint(bytes: Uint8Array, file: string): Facts {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const state = decodeCheckpoint(bytes, metadata.fingerprint ?? '', file);
  return {
    kind: 'checkpoint',
    step: state.step,
    epochs: state.history.length,
    fingerprint: metadata.fingerprint ?? '',
    ...trainedOn(metadata),
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

/** Facts, and the table of layers, if there is one. */
function sections({ layers, ...found }: Facts): string[] {
  return [facts(shown(found)), ...(Array.isArray(layers) ? [tableOf(layers as LayerCost[])] : [])];
}

function tableOf(layers: readonly LayerCost[]): string {
  const rows = layers.map(({ path, kind, output, parameters, multiplyAdds }) => [
    ...[path, kind, output.join(' × ')],
    parameters === 0 ? '' : count(parameters),
    multiplyAdds === 0 ? '' : megaflop(2 * multiplyAdds),
  ]);
  return table(['layer', 'kind', 'output', 'parameters', 'MFLOP'], rows);
}

/** One line for each fact, or for each entry of a group of named ones. */
function shown(found: Omit<Facts, 'layers'>): [string, string][] {
  return Object.entries(found).flatMap(([name, value]): [string, string][] => {
    if (isNumbers(value)) return [[name, value.join(' × ')]];
    if (typeof value === 'object')
      return Object.entries(value).map(([key, text]) => [`${name} ${key}`, text]);
    return [[name, String(value)]];
  });
}

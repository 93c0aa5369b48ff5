import {
  countParameters,
  type Dataset,
  DistillError,
  decodeModel,
  type Engine,
  evaluate,
} from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { describeOnnx, readOnnx } from 'wasm-distill/formats';
import { checkFits, shorthandOf } from 'wasm-distill/graph';
import { type ModelReference, modelSha256 } from 'wasm-distill/jobs';
import { onnxTeacher } from 'wasm-distill/onnx';
import { preparationIn } from '../../cli/data/preparation.ts';
import { type Like, likeOfModel } from '../../cli/data/reader.ts';
import { onKnown } from '../../cli/training/verdicts.ts';
import type { GivenTeacher, KnownTeacher, Prepared } from './messages.ts';

/** A model that was given as teacher. */
export interface Teacher {
  reference: ModelReference;
  model: AnyModel;
  /** Its network in shorthand, or what else it is. */
  network: string;
  parameters?: number;
  /** Of its file. */
  bytes: number;
  /** What its inputs are like, so that data are read for it. */
  like: Like;
  /** @throws DistillError 'mismatch' for data that it doesn't know. */
  check(data: Dataset): void;
  /** Gives back the memory that it runs in. */
  close?(): Promise<void>;
}

const MOST_BYTES = 512 * 2 ** 20;

/** A network of ours. @throws DistillError for what is none. */
export async function ownTeacher(file: File): Promise<Teacher> {
  checkSize(file);
  const { model, metadata } = decodeModel(new Uint8Array(await file.arrayBuffer()), file.name);
  const { architecture, classNames } = model;
  const made = preparationIn(metadata, file.name);
  const { shape } = architecture.input;
  return {
    reference: { kind: 'model', name: file.name, sha256: await modelSha256(model) },
    model,
    network: shorthandOf(architecture, { names: false }),
    parameters: countParameters(architecture),
    bytes: file.size,
    like: sized(likeOfModel({ ...(classNames && { classNames }), ...made }, shape)),
    check: ({ inputs, classes }) => {
      try {
        checkFits(architecture, { shape: inputs.shape, classes });
      } catch (error) {
        throw new DistillError('mismatch', `${file.name} can't teach here: ${(error as Error).message}`, {
          cause: error,
        });
      }
    },
  };
}

/**
 * An ONNX graph. It prepares samples itself, so that data are read for the student alone; some of them say what those are
 * like. @throws DistillError for what is none, or doesn't run here.
 */
export async function onnxGraph(
  given: GivenTeacher,
  { inputs }: Dataset,
  prepared: Prepared,
  { signal, offer }: { signal: AbortSignal; offer(choices: { layout: boolean }): void },
): Promise<Teacher> {
  const { file } = given;
  checkSize(file);
  const graph = describeOnnx(readOnnx(new Uint8Array(await file.arrayBuffer()), file.name), file.name);
  const [input] = graph.inputs;
  offer({ layout: input?.shape?.length === 4 && inputs.shape.length === 3 && !input.layout });
  const externalFiles = await besideIt(given, graph.externalFiles);
  const model = await onnxTeacher(file, { ...prepared, externalFiles, samples: inputs, signal });
  const { takes, layout, output, parameters, bytes } = model.facts;
  const as = layout ? ` ${layout.toUpperCase()}` : '';
  return {
    reference: { kind: 'model', name: file.name, sha256: model.sha256 },
    model,
    network: `ONNX, takes ${takes.join(' × ')}${as}, answers ${output.kind}`,
    ...(parameters !== undefined && { parameters }),
    bytes,
    like: model.classNames ? { classNames: model.classNames } : {},
    check: ({ classes }) => {
      if (classes !== model.classes)
        throw new DistillError(
          'mismatch',
          `${file.name} knows ${model.classes} classes, but the data have ${classes}: give data of its classes`,
        );
    },
    close: () => model.close(),
  };
}

/** The files that hold weights of a model, of those given along with it. @throws DistillError 'missing' */
async function besideIt(
  { file, beside }: GivenTeacher,
  wanted: readonly string[],
): Promise<Record<string, Uint8Array>> {
  const found: Record<string, Uint8Array> = {};
  for (const path of wanted) {
    const source = beside.find(({ name }) => name === path.split(/[/\\]/).at(-1));
    if (!source)
      throw new DistillError(
        'missing',
        `${file.name} has its weights in another file, ${path}: give both at once, or save it as one, in Python onnx.save(onnx.load("${file.name}"), "whole.onnx")`,
      );
    checkSize(source);
    found[path] = new Uint8Array(await source.arrayBuffer());
  }
  return found;
}

function checkSize({ name, size }: File): void {
  if (size > MOST_BYTES)
    throw new DistillError(
      'memory',
      `${name} has ${Math.ceil(size / 2 ** 20)} MiB, more than a page can run (512): give a smaller teacher`,
    );
}

/** Pictures are made as large as the teacher takes them, where its file doesn't say how they were made. */
function sized(like: Like): Like {
  const { shape = [], images } = like;
  const [height, width] = shape;
  return images || shape.length !== 3 ? like : { ...like, images: { size: [height!, width!] } };
}

/** What it does on the test data, before hours are spent on it. */
export async function judge(
  engine: Engine,
  { reference: { name }, model, network }: Teacher,
  test: Dataset,
  signal: AbortSignal,
): Promise<KnownTeacher> {
  const { errors, size } = await evaluate(engine, model, test, { signal });
  const known = { file: name, part: 'test', samples: size, errors, constantErrors: errorsOfConstant(test) };
  const warning = onKnown({ ...known, part: 'test' });
  return {
    ...{ name, network, errors, of: size, constantErrors: known.constantErrors },
    ...(warning !== undefined && { warning }),
  };
}

/** Of the answer that is right most often. */
function errorsOfConstant({ labels, classes }: Dataset): number {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) if (label >= 0) counts[label]!++;
  return counts.reduce((sum, n) => sum + n, 0) - Math.max(...counts);
}

import { brandOf } from '../../checks.js';
import type { Samples } from '../../data/dataset.js';
import { demand } from '../../errors.js';
import type { ExternalModel } from '../../evaluate/external.js';
import { sha256 } from '../../formats/hash.js';
import { ONNX_FORMAT } from '../../formats/onnx/model.js';
import { size as sizeOf } from '../../graph/shape.js';
import { bytesOf, type Source } from '../../sources/bytes-of.js';
import { logitsOf, type Reading } from './answers.js';
import { onnxMultiplyAdds } from './counts.js';
import { type ExternalFile, readExternalFiles } from './external-files.js';
import type { OnnxTeacherFacts } from './facts.js';
import { teachingGraph } from './graph.js';
import { openGraph } from './open.js';
import { checkOptions, type OnnxTeacherOptions } from './options.js';
import { kindOf } from './outputs.js';
import { probeSamples } from './probe.js';
import type { GraphRunner, Taking } from './runner.js';

/** An ONNX graph that teaches, until it is closed. */
export interface OnnxTeacher extends ExternalModel {
  readonly facts: OnnxTeacherFacts;
  /** Ends its worker, which gives its memory back. */
  close(): Promise<void>;
}

/** Bytes of inputs that run at once. */
const MOST_BYTES = 2 ** 24;
const BATCH = 100;

/**
 * Opens an ONNX model that can be evaluated and teach, wherever models are taken: in a worker of its own, which runs it by
 * the npm package onnxruntime-web. It takes samples as data sets have them, and prepares them by itself; an idle one
 * doesn't hold the process open, and close() gives its memory back.
 * @throws DistillError 'bad-file' for what is no ONNX model or is refused by the runtime, 'mismatch' for a model that
 * doesn't classify, 'missing' for an absent runtime or file, 'bad-argument', 'memory', 'worker', 'aborted'
 */
export async function onnxTeacher(source: Source, options: OnnxTeacherOptions = {}): Promise<OnnxTeacher> {
  checkOptions(options);
  const file = await bytesOf(source);
  const isNamed = typeof source === 'string' || ['URL', 'File'].includes(brandOf(source));
  const {
    name = isNamed ? file.name : 'the ONNX model',
    mean,
    std,
    layout,
    size,
    signal,
    externalFiles,
  } = options;
  const graph = teachingGraph(file.bytes, name, options);
  const { description, input, output, features } = graph;
  const files = await readExternalFiles(description.externalFiles, { given: externalFiles, source, name });
  const isOurs = graph.model.metadata.format === ONNX_FORMAT;
  demand(
    !isOurs || (mean === undefined && std === undefined),
    () => `${name} was exported by wasm-distill, normalization inside: leave mean and std out`,
  );
  const unit = isOurs ? 1 : 255;
  const taking: Taking = { input, name, layout, size, mean, std, unit };
  const samples = probeSamples(taking, options.samples);
  const { runner, version } = await openGraph({ graph, taking, files, samples, options });
  try {
    const values = await runner.run(samples, output.name, signal);
    const columns = values.length / 2;
    const kind = kindOf(output, values, columns, options.kind, name);
    const plan = runner.plan(samples);
    const runtime = options.runtime ?? 'onnxruntime-web';
    const facts: OnnxTeacherFacts = {
      input: { name: input.name, type: input.type, shape: input.shape },
      ...{ takes: plan.to, layout: plan.layout, unit, mean: mean ?? 0, std: std ?? 1 },
      output: { name: output.name, kind, columns },
      ...{ batch: runner.batch, features },
      ...(features !== undefined && { featuresShape: await runner.shapeOf(samples, features, signal) }),
      runtime: { name: runtime, version, reproducible: runtime === 'onnxruntime-web' },
      parameters: description.parameters || undefined,
      multiplyAdds: onnxMultiplyAdds(graph.model, input, plan.to, name),
      bytes: file.bytes.length + files.reduce((sum, { data }) => sum + data.length, 0),
    };
    const sums = kind === 'probabilities' && options.kind === undefined;
    const known = { name, facts, sums, classNames: description.classNames, batch: options.batch };
    return teacher(known, runner, await hashOf(file.bytes, files, facts, values));
  } catch (error) {
    await runner.link.close();
    throw error;
  }
}

/** Everything that the answers follow from. On a machine that computes others, the values are others, and so is the hash. */
function hashOf(
  model: Uint8Array,
  files: readonly ExternalFile[],
  { takes, layout, mean, std, output, batch, runtime, features }: OnnxTeacherFacts,
  values: Float32Array,
): Promise<string> {
  const words = {
    ...{ takes, layout, mean, std, output, batch, runtime, features },
    files: files.map(({ path, data }) => [path, data.length]),
  };
  const text = new TextEncoder().encode(JSON.stringify(words));
  return sha256([model, ...files.map(({ data }) => data), text, values]);
}

interface Known {
  name: string;
  facts: OnnxTeacherFacts;
  /** Whether rows of its probabilities were found to sum to 1. */
  sums: boolean;
  classNames: readonly string[] | undefined;
  batch: number | undefined;
}

function teacher(
  { name, facts, sums, classNames, batch }: Known,
  runner: GraphRunner,
  hash: string,
): OnnxTeacher {
  const { output, takes, features } = facts;
  const classes = output.columns === 1 ? 2 : output.columns;
  const reading: Reading = { ...output, sums };
  const names = classNames?.length === classes ? classNames : undefined;
  return {
    ...{ name, sha256: hash, classes, facts },
    ...(names && { classNames: names }),
    batch: batch ?? Math.max(1, Math.min(BATCH, Math.floor(MOST_BYTES / (4 * sizeOf(takes))))),
    async logits(samples, signal) {
      checkSamples(samples);
      const values = await runner.run(samples, output.name, signal);
      return logitsOf(values, reading, `the output ${output.name} of ${name}`);
    },
    ...(features !== undefined && {
      featuresShape: facts.featuresShape,
      features: async (samples: Samples, signal?: AbortSignal) => {
        checkSamples(samples);
        return runner.run(samples, features, signal);
      },
    }),
    close: () => runner.link.close(),
  };
}

function checkSamples(samples: Samples): void {
  const { shape, values } = Object(samples) as Partial<Samples>;
  const each = Array.isArray(shape) ? sizeOf(shape) : 0;
  demand(
    ArrayBuffer.isView(values) && each > 0 && values.length > 0 && values.length % each === 0,
    () => 'samples must be { shape, values }, as a data set’s inputs are, at least one',
  );
}

import { startWorker, workingFolder } from '#onnx';
import type { Samples } from '../../data/dataset.js';
import { DistillError } from '../../errors.js';
import { freeOnnxBatch } from '../../formats/onnx/edit.js';
import type { ExternalFile } from './external-files.js';
import type { TeachingGraph } from './graph.js';
import { Link } from './link.js';
import type { OnnxTeacherOptions } from './options.js';
import { runsTogether } from './probe.js';
import { GraphRunner, type Taking } from './runner.js';
import type { RuntimeName } from './worker/protocol.js';

/** The version of the runtimes that the tests run with. */
const TESTED = '1.30.0';

export interface Opened {
  readonly runner: GraphRunner;
  /** The runtime's. */
  readonly version: string;
}

interface Opening {
  readonly graph: TeachingGraph;
  readonly taking: Taking;
  readonly files: readonly ExternalFile[];
  readonly samples: Samples;
  readonly options: OnnxTeacherOptions;
}

/** Failures that another number of samples wouldn't change. */
const FINAL = ['missing', 'aborted', 'memory'];

/**
 * The graph in a worker, for any number of samples at once if it gives the same then, else for as many as it was exported
 * with, or one.
 * @throws DistillError
 */
export async function openGraph(opening: Opening): Promise<Opened> {
  const { graph, taking } = opening;
  try {
    return await attempt(opening, freeOnnxBatch(graph.bytes, taking.name), 'any');
  } catch (error) {
    if (error instanceof DistillError && FINAL.includes(error.code)) throw error;
    const declared = graph.input.shape?.[0];
    return attempt(opening, graph.bytes, typeof declared === 'number' ? declared : 1);
  }
}

/** In a worker of its own, so that nothing is left of one that fails. */
async function attempt(
  { graph, taking, files, samples, options }: Opening,
  model: Uint8Array,
  batch: 'any' | number,
): Promise<Opened> {
  const { runtime = 'onnxruntime-web', runtimeAddress, worker, signal } = options;
  const link = new Link(startWorker(worker), taking.name, remedyFor(runtime));
  try {
    const { version } = await link.ask(
      {
        kind: 'open',
        ...{ runtime, model, externalFiles: files },
        address: runtimeAddress === undefined ? undefined : String(runtimeAddress),
      },
      signal,
    );
    const runner = new GraphRunner(link, taking, batch);
    const alike = await runsTogether(runner, samples, graph.output.name, signal);
    if (batch === 'any' && !alike)
      throw new DistillError('mismatch', `${taking.name} lets samples of a batch influence each other`);
    return { runner, version };
  } catch (error) {
    await link.close();
    throw error;
  }
}

function remedyFor(runtime: RuntimeName): string {
  const folder = workingFolder();
  const looked =
    folder === undefined
      ? 'which this page or bundle lacks'
      : `which is neither beside wasm-distill nor in ${folder}`;
  const otherwise = folder === undefined ? ', or give its address, runtimeAddress' : '';
  return `the npm package ${runtime}, ${looked}: npm install ${runtime}@${TESTED}${otherwise}`;
}

import { sha256 } from '../../formats/hash.js';
import { checkPlans, type Plans } from '../../graph/tensor.js';
import { STREAMS_VERSION } from '../../random/streams.js';
import type { Engine, EngineReport, Identity, Session } from '../backend.js';
import type { CompareOptions, Comparison, GpuEngine } from '../comparison.js';
import { type Gpu, openGpu } from './device.js';
import { ESTIMATED, type Speeds } from './lower/tiles.js';
import { Pipelines } from './pipelines.js';
import { compile, type Program } from './program.js';
import { SELF_TEST, selfTest } from './self-test.js';
import { WebgpuSession } from './session.js';
import { programText } from './text.js';

/** Incremented when kernels compute other bits than before: what is trained goes on, and is found again, by the same ones. */
export const KERNELS_VERSION = 2;

/** A GPU that runs plans, beside an engine of wasm that computes how they begin. */
export class WebgpuEngine implements GpuEngine {
  readonly threads = 1;
  readonly #pipelines: Pipelines;
  #equalDraws = false;
  #speeds = ESTIMATED;

  private constructor(
    private readonly gpu: Gpu,
    private readonly wasm: Engine,
  ) {
    this.#pipelines = new Pipelines(gpu.device);
  }

  /** @throws DistillError 'missing' without WebGPU. The engine of wasm belongs to this one from then on. */
  static async open(wasm: Engine, speedsOf = ownSpeeds): Promise<WebgpuEngine> {
    const engine = new WebgpuEngine(await openGpu(), wasm);
    try {
      engine.#speeds = await speedsOf(engine.gpu, engine.#pipelines);
      engine.#equalDraws = await engine.#drawsAsWasm();
    } catch (error) {
      engine.gpu.close();
      throw error;
    }
    return engine;
  }

  report(): EngineReport {
    const { cores, simd, kernels, sharedMemory, host } = this.wasm.report();
    return {
      backend: 'webgpu',
      bits: 'this device',
      threads: 1,
      cores,
      simd,
      kernels,
      sharedMemory,
      host,
      adapter: this.gpu.adapter,
      limits: { bufferBytes: this.gpu.bytes, sharedBytes: this.gpu.shared },
      equalDraws: this.#equalDraws,
      speeds: { measured: this.#speeds !== ESTIMATED, ...this.#speeds },
      reason: 'as asked',
    };
  }

  /** Whether whole numbers come out as in wasm, and with them the same units are dropped, the same shifts drawn. */
  async #drawsAsWasm(): Promise<boolean> {
    const { plans, ones, kept, expected } = selfTest();
    const session = await this.load(plans);
    try {
      await session.write(ones, new Float32Array(ones.shape[0]!).fill(1));
      await session.run('run', SELF_TEST);
      const got = await session.read(kept);
      return expected.every((value, i) => value === got[i]);
    } finally {
      await session.close();
    }
  }

  async load(plans: Plans): Promise<Session> {
    checkPlans(plans);
    const program = this.#compiled(plans);
    const begins = Object.keys(program.beginnings).length > 0;
    const beginnings = begins ? await this.wasm.load(program.beginnings) : undefined;
    return WebgpuSession.load(this.gpu, program, this.#pipelines, beginnings);
  }

  async compare(plans: Plans, options: CompareOptions = {}): Promise<Comparison> {
    const { compareEngines } = await import('../compare/compare.js');
    return compareEngines(this, this.wasm, plans, options);
  }

  #compiled(plans: Plans): Program {
    return compile(plans, { ...this.gpu, speeds: this.#speeds });
  }

  explain(plans: Plans): string {
    checkPlans(plans);
    return programText(this.#compiled(plans));
  }

  async identity(): Promise<Identity> {
    const device = `webgpu ${KERNELS_VERSION}, ${this.gpu.adapter}, ${JSON.stringify(this.#speeds)}`;
    const kernels = await sha256([new TextEncoder().encode(device)]);
    return { backend: 'webgpu', bits: 'this device', kernels, streams: STREAMS_VERSION };
  }

  /** A GPU isn't divided: there is one team. */
  divide(): Engine[] {
    return [this];
  }

  async close(): Promise<void> {
    this.gpu.close();
    await this.wasm.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A GPU in software is slow whatever the tiles, and takes a minute to find that out. */
async function ownSpeeds(gpu: Gpu, pipelines: Pipelines): Promise<Speeds> {
  if (gpu.software) return ESTIMATED;
  try {
    const { tuned } = await import('./tuning/tuned.js');
    return await tuned(gpu, pipelines);
  } catch {
    // A page whose import map lacks what the tuning needs computes without.
    return ESTIMATED;
  }
}

import { createRequire } from 'node:module';
import { createEngine, type Engine, type EngineOptions } from 'wasm-distill';
import type { Report } from './report/report.ts';
import type { Progress } from './terminal/progress.ts';

/** What every command works with. */
export interface Context {
  progress: Progress;
  /** Aborts everything in progress, with the reason given by the user or a failed stage. */
  controller: AbortController;
  /** Training data of more bytes than this go by a stream, where they can (default: STREAM_FROM). */
  streamFrom?: number;
}

/** This package's version, read through the package's own name since the bundled file is elsewhere. */
export const version = (createRequire(import.meta.url)('wasm-distill/package.json') as { version: string })
  .version;

export async function withEngine<T>(
  { threads, backend = 'wasm' }: Pick<Required<EngineOptions>, 'threads'> & Pick<EngineOptions, 'backend'>,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await createEngine({ threads, backend });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

export function environment(engine: Engine): Report['environment'] {
  const { backend, adapter, reason, threads, simd } = engine.report();
  return {
    ...{ backend, ...(adapter !== undefined && { adapter, reason }) },
    ...{ threads, simd, node: process.version, platform: `${process.platform} ${process.arch}`, version },
  };
}

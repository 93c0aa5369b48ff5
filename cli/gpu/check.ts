import { release } from 'node:os';
import type { EngineReport } from 'wasm-distill';
import type { Compared, GpuEngine } from 'wasm-distill/graph';
import { version } from '../context.ts';
import type { Progress } from '../terminal/progress.ts';
import { type Checked, plansOf } from './plans.ts';

/** What a GPU is, and how far its results are from those of wasm. */
export interface GpuCheck {
  adapter: string;
  limits: { readonly bufferBytes: number; readonly sharedBytes: number };
  /** The self test: whether random numbers are those of wasm. */
  equalDraws: boolean;
  /** What tiles are chosen by. */
  speeds: NonNullable<EngineReport['speeds']>;
  environment: { node: string; platform: string; system: string; version: string };
  ok: boolean;
  /** The first operator that leaves its tolerance, else the first plan that does as a whole. */
  first?: Compared;
  operators: Compared[];
  plans: Compared[];
}

/** Runs a step of each training on the GPU and in wasm. */
export async function checkGpu(
  engine: GpuEngine,
  trainings: Readonly<Record<string, Checked>>,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<GpuCheck> {
  const {
    adapter = '',
    limits = { bufferBytes: 0, sharedBytes: 0 },
    equalDraws = false,
    speeds = { measured: false, tiles: [], rate: 0, full: 0 },
  } = engine.report();
  const entries = Object.entries(trainings);
  const bar = progress.start('comparing', entries.length, 0, 'plans');
  const operators: Compared[] = [];
  const plans: Compared[] = [];
  for (const [i, [name, training]] of entries.entries()) {
    bar.note(name);
    const found = await engine.compare(plansOf({ [name]: training }), { signal });
    operators.push(...found.operators);
    plans.push(...found.plans);
    bar.update(i + 1);
  }
  bar.done(`${operators.length} results compared`);
  const first = [...operators, ...plans].find(({ ok }) => !ok);
  return {
    ...{ adapter, limits, equalDraws, speeds },
    environment: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      system: release(),
      version,
    },
    ok: equalDraws && first === undefined,
    ...(first && { first }),
    operators,
    plans,
  };
}

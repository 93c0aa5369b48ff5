import { keep, kept } from '#kept';
import { sha256 } from '../../../formats/hash.js';
import type { Gpu } from '../device.js';
import { codeOf } from '../kernel.js';
import { ESTIMATED, type Speeds, tiles } from '../lower/tiles.js';
import type { Pipelines } from '../pipelines.js';
import { measure } from './measure.js';
import { type Probe, probeOf } from './probes.js';

/** With them the largest tiles fill any GPU, which takes a fast one half a millisecond. */
const FULL = { m: 2048, n: 2048, k: 512 };
/** So far along k that one workgroup takes much longer than its start. */
const SINGLE = 4096;
/** The tile of which a single workgroup is timed: of the middle size. */
const MIDDLE = tiles[2]!;

/** In this process each adapter is measured once, however many engines are opened at the same time. */
const found = new Map<string, Promise<Speeds>>();

/**
 * The speeds of a device: measured when it is first seen, which takes a second or two, and kept on this machine (or for
 * this page's origin) by the adapter and the kernels. Measured ones that can't be kept aren't used: other tiles sum in
 * another order, and a device should give the same bits each time.
 */
export async function tuned(gpu: Gpu, pipelines: Pipelines): Promise<Speeds> {
  const full = tiles.map((tile) => probeOf(tile, FULL));
  const single = probeOf(MIDDLE, { m: MIDDLE.rows, n: MIDDLE.columns, k: SINGLE });
  const name = await nameOf(gpu.adapter, [...full, single]);
  const speeds = found.get(name) ?? keptOr(name, () => measure(gpu.device, pipelines, full, single));
  found.set(name, speeds);
  try {
    return await speeds;
  } catch {
    // What a GPU can't measure it may never be asked to compute: plans tell their own errors.
    found.delete(name);
    return ESTIMATED;
  }
}

/** Changes with the adapter, which often names its driver, and with what is measured. */
async function nameOf(adapter: string, probes: readonly Probe[]): Promise<string> {
  const codes = [adapter, ...probes.map(({ kernel }) => codeOf(kernel))];
  return `gpu-${await sha256(codes.map((code) => new TextEncoder().encode(code)))}`;
}

/** What is kept under a name; else what is measured, once it has been kept. */
export async function keptOr(name: string, measured: () => Promise<Speeds>): Promise<Speeds> {
  const before = parsed(await kept(name));
  if (before) return before;
  const speeds = await measured();
  // Another process may have measured in the meantime: then both take its speeds.
  const others = parsed(await kept(name));
  if (others) return others;
  await keep(name, JSON.stringify(speeds));
  return parsed(await kept(name)) ?? ESTIMATED;
}

/** Speeds that were kept, unless they are none: files are damaged, and edited. */
function parsed(text: string | undefined): Speeds | undefined {
  try {
    const { tiles: speeds, rate, full } = JSON.parse(text ?? '') as Speeds;
    const numbers: unknown[] = [...speeds, rate, full];
    const right = speeds.length === tiles.length && numbers.every((n) => typeof n === 'number' && n > 0);
    return right ? { tiles: speeds, rate, full } : undefined;
  } catch {
    return undefined;
  }
}

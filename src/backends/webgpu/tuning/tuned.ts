import { forget, keep, kept } from '#kept';
import { sha256 } from '../../../formats/hash.js';
import type { Gpu } from '../device.js';
import { codeOf } from '../kernel.js';
import { ESTIMATED, type Speeds, tiles } from '../lower/tiles.js';
import type { Pipelines } from '../pipelines.js';
import { measure } from './measure.js';
import { probeOf } from './probes.js';

/** Counts up when something else is measured, or otherwise. */
const VERSION = 1;
/** The largest tiles make 1,024 workgroups of it: a fast GPU is full, and takes half a millisecond. */
const FILLING = { m: 4096, n: 4096, k: 256 };
/** So far along k that one workgroup takes much longer than its start. */
const SINGLE = 4096;
/** The tile of which a single workgroup is timed: of the middle size. */
const MIDDLE = tiles[2]!;
const filling = tiles.map((tile) => probeOf(tile, FILLING));
const single = probeOf(MIDDLE, { m: MIDDLE.rows, n: MIDDLE.columns, k: SINGLE });

/** In this process each adapter is measured once, however many engines are opened at the same time. */
const found = new Map<string, Promise<Speeds>>();

/**
 * The speeds of a device: measured when it is first seen, and kept on this machine (or for this page's origin). Measured
 * ones that can't be kept aren't used: other tiles sum in another order, and a device should give the same bits each
 * time. What can't be measured is estimated: plans tell their own errors.
 */
export async function tuned(gpu: Gpu, pipelines: Pipelines): Promise<Speeds> {
  const name = await nameOf(gpu.adapter);
  const speeds = found.get(name) ?? keptOr(name, () => measure(gpu.device, pipelines, filling, single));
  found.set(name, speeds);
  try {
    return await speeds;
  } catch {
    found.delete(name);
    return ESTIMATED;
  }
}

/** Under what an adapter's speeds are kept. It changes with the adapter, which often names its driver, and the kernels. */
export async function nameOf(adapter: string): Promise<string> {
  const codes = [...filling, single].map(({ kernel }) => codeOf(kernel));
  const parts = [`${VERSION}`, adapter, ...codes].map((part) => new TextEncoder().encode(part));
  return `gpu-${await sha256(parts)}`;
}

/** What is kept under a name; else what is measured, if it can be kept. */
export async function keptOr(name: string, measured: () => Promise<Speeds>): Promise<Speeds> {
  const before = parsed(await kept(name));
  if (before) return before;
  await forget(name);
  if (!(await keeps())) return ESTIMATED;
  await keep(name, JSON.stringify(await measured()));
  // Another process may have been faster: both take its speeds.
  return parsed(await kept(name)) ?? ESTIMATED;
}

/** Whether anything can be kept, before a second is spent on it. */
async function keeps(): Promise<boolean> {
  await keep('trial', 'kept');
  return (await kept('trial')) === 'kept';
}

/** Speeds that were kept, unless they are none: files are damaged, and edited. */
function parsed(text: string | undefined): Speeds | undefined {
  try {
    const { tiles: shares, rate, full } = JSON.parse(text ?? '') as Speeds;
    const right =
      shares.length === tiles.length &&
      shares.every((share) => isWithin(share, 0.01, 1)) &&
      isWithin(rate, 1e6, 1e18) &&
      isWithin(full, 1, 2 ** 24);
    return right ? { tiles: shares, rate, full } : undefined;
  } catch {
    return undefined;
  }
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

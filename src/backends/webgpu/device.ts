import { gpu as ownGpu } from '#gpu';
import { DistillError } from '../../errors.js';

/** A device with what this backend knows of it. */
export interface Gpu {
  readonly device: GPUDevice;
  /** What the adapter calls itself, in one line. */
  readonly adapter: string;
  /** Whether it is a program on the CPU. */
  readonly software: boolean;
  /** Bytes of one buffer and of what a kernel binds of it. */
  readonly bytes: number;
  /** Bytes that a workgroup's invocations may share. */
  readonly shared: number;
  /** The first thing that the GPU found wrong with what it was given. */
  readonly wrong: () => string | undefined;
  /** Whether it was ended by `close`. */
  readonly closed: () => boolean;
  /** Ends the device, and lets go of what kept it alive. */
  close(): void;
}

/** What the adapter is asked for beyond WebGPU's defaults, as far as it has more. */
const WANTED = ['maxStorageBufferBindingSize', 'maxBufferSize', 'maxComputeWorkgroupStorageSize'] as const;

/** Whether an adapter is a program on the CPU, by its name: Chromium's, Mesa's, Windows'. */
export function isSoftware(adapter: string): boolean {
  return /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i.test(adapter);
}

/** What is said of a device that was lost. */
export function lostError(why: string): DistillError {
  return new DistillError(
    'worker',
    `the GPU was lost (${why || 'no reason given'}): go on from the last checkpoint, on a new engine`,
  );
}

/** @throws DistillError 'missing' where there is no WebGPU, no adapter, or the adapter gives no device. */
export async function openGpu(): Promise<Gpu> {
  const held = await ownGpu();
  const adapter = await held.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new DistillError(
      'missing',
      "WebGPU finds no adapter here (no GPU, or its driver is refused): use backend 'wasm', or 'auto'",
    );
  const device = await deviceOf(adapter);
  let wrong: string | undefined;
  let closed = false;
  device.addEventListener('uncapturederror', (event) => {
    wrong ??= (event as GPUUncapturedErrorEvent).error.message;
  });
  const name = describe(adapter.info);
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize } = device.limits;
  return {
    device,
    adapter: name,
    software: isSoftware(name),
    bytes: Math.min(maxStorageBufferBindingSize, maxBufferSize),
    shared: maxComputeWorkgroupStorageSize,
    wrong: () => wrong,
    closed: () => closed,
    close: () => {
      closed = true;
      device.destroy();
      held.release();
    },
  };
}

/** With the adapter's own limits; some refuse what they state, and give a device with the defaults. */
async function deviceOf(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(WANTED.map((name) => [name, adapter.limits[name]]));
  try {
    return await adapter.requestDevice({ requiredLimits });
  } catch {
    // An adapter gives one device: a second one needs it to be asked for again.
  }
  try {
    return await adapter.requestDevice();
  } catch (error) {
    throw new DistillError(
      'missing',
      `the GPU gives no device (${(error as Error).message}): use backend 'wasm', or 'auto'`,
      { cause: error },
    );
  }
}

function describe({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const words = [vendor, architecture, device, description].filter((word) => word !== '');
  return words.length > 0 ? [...new Set(words)].join(', ') : 'an adapter without a name';
}

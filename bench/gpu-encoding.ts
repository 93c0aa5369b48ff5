import type { Gpu } from '#library/backends/webgpu/device.js';
import { Pipelines } from '#library/backends/webgpu/pipelines.js';
import { compile, type Limits } from '#library/backends/webgpu/program.js';
import { allocateStates, type Encoded, encode, prepared } from '#library/backends/webgpu/steps.js';
import type { Trainable } from './peers/work.mjs';
import { buildStep } from './steps.ts';

/** Steps in one submission. */
const STEPS = 10;

const STORAGE = 0x80;

/** What encoding and submitting steps costs the calling thread. */
export interface Encoding {
  /** Dispatches of a step. */
  dispatches: number;
  /** Microseconds a dispatch, of as many submissions as asked for; before each the GPU has come to rest. */
  microseconds: number[];
}

export async function encodingOf(gpu: Gpu & Limits, work: Trainable, submissions: number): Promise<Encoding> {
  const { plan, state } = await loaded(gpu, work);
  const { queue } = gpu.device;
  const microseconds: number[] = [];
  for (let i = 0; i < submissions; i++) {
    const start = performance.now();
    queue.submit([encode(gpu.device, plan, state, STEPS)]);
    microseconds.push(((performance.now() - start) * 1000) / (STEPS * plan.length));
    await queue.onSubmittedWorkDone();
  }
  const wrong = gpu.wrong();
  if (wrong) throw new Error(`the GPU refused the step ${work.config.name}: ${wrong}`);
  return { dispatches: plan.length, microseconds };
}

/** The step as a session has it, over zeros. */
async function loaded(gpu: Gpu & Limits, work: Trainable): Promise<{ plan: Encoded[]; state: GPUBindGroup }> {
  const { device } = gpu;
  const { buffers: sizes, plans } = compile(buildStep(work).plans, gpu);
  const buffers = sizes.map((size) => device.createBuffer({ size, usage: STORAGE }));
  const pipelines = new Pipelines(device);
  const plan = await prepared(plans.get('step')!, buffers, device, pipelines);
  return { plan, state: allocateStates(device, pipelines).state };
}

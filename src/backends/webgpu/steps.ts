import { COPY_DST, UNIFORM } from './flags.js';
import type { Pipelines } from './pipelines.js';
import type { Dispatch } from './program.js';

/** A dispatch as it is encoded: everything is made, only numbers are left to pass. */
export interface Encoded {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/** Steps that one submission may hold: each has its place for the step's number and the seed. */
export const MOST_STEPS = 256;
/** Where offsets of uniform buffers may lie. */
export const STATE_BYTES = 256;

/** Where the numbers of a submission's steps and their seeds lie, and the group by which kernels read them. */
export interface States {
  readonly states: GPUBuffer;
  readonly state: GPUBindGroup;
}

export function allocateStates(device: GPUDevice, pipelines: Pipelines): States {
  const states = device.createBuffer({ size: MOST_STEPS * STATE_BYTES, usage: UNIFORM | COPY_DST });
  const state = device.createBindGroup({
    layout: pipelines.state,
    entries: [{ binding: 0, resource: { buffer: states, size: 16 } }],
  });
  return { states, state };
}

/** Makes pipelines and bind groups of a plan's dispatches; equal ones are shared. */
export async function prepared(
  dispatches: readonly Dispatch[],
  buffers: readonly GPUBuffer[],
  device: GPUDevice,
  pipelines: Pipelines,
): Promise<Encoded[]> {
  return Promise.all(
    dispatches.map(async ({ kernel, places }) => {
      const { pipeline, layout } = await pipelines.get(kernel);
      const group = device.createBindGroup({
        label: kernel.name,
        layout,
        entries: places.map(({ buffer, offset, bytes }, binding) => ({
          binding,
          resource: { buffer: buffers[buffer]!, offset, size: bytes },
        })),
      });
      return { pipeline, group, workgroups: kernel.workgroups };
    }),
  );
}

/** Encodes `count` steps in one pass; the states of these lie in the state's group one after another. */
export function encode(
  device: GPUDevice,
  plan: readonly Encoded[],
  state: GPUBindGroup,
  count: number,
): GPUCommandBuffer {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  let before: GPUComputePipeline | undefined;
  for (let step = 0; step < count; step++) {
    pass.setBindGroup(1, state, [step * STATE_BYTES]);
    for (const { pipeline, group, workgroups } of plan) {
      if (pipeline !== before) pass.setPipeline(pipeline);
      before = pipeline;
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
    }
  }
  pass.end();
  return encoder.finish();
}

import type { Gpu } from '#library/backends/webgpu/device.js';
import type { Subject } from './measure.ts';

/** A kernel that takes a card to one of its limits. */
export interface Probe extends Subject {
  /** Flops or bytes of a run. */
  work: number;
}

const LANES = 256;
/** Independent chains of vectors of four: enough to hide the latency of an addition, few enough to stay in registers. */
const CHAINS = 8;
const UNROLLED = 8;

/* Numbers of WebGPU's specification, which Node has no globals for. */
const STORAGE = 0x80;
const COPY_DST = 0x8;

/** Multiply + add on registers alone: what the card computes in f32 at most. */
export async function peakProbe(gpu: Gpu, dry: boolean): Promise<Probe> {
  const [workgroups, rounds] = dry ? [2, 2] : [8192, 512];
  const names = Array.from({ length: CHAINS }, (_, i) => `v${i}`);
  // Of two vectors: with a third one each component's three are in one bank of NVIDIA's registers, which halves the rate.
  const line = names.map((v) => `${v} = fma(${v}, ${v}, b);`).join(' ');
  const code = `
@group(0) @binding(0) var<storage, read_write> io: array<vec4f>;
@compute @workgroup_size(${LANES})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = io[0];
  ${names.map((v, i) => `var ${v} = vec4f(f32((id.x + ${i}u) % 256u) / 256.0f);`).join('\n  ')}
  for (var i = 0u; i < ${rounds}u; i++) {
    ${Array.from({ length: UNROLLED }, () => line).join('\n    ')}
  }
  let sum = ${names.join(' + ')};
  // Never so, as a compiler can't know.
  if (sum.x == 0.123f) { io[1] = sum; }
}`;
  const buffer = gpu.device.createBuffer({ size: 32, usage: STORAGE | COPY_DST });
  // From [0, 1) v² − 0.4 stays within [−0.4, 0.6].
  gpu.device.queue.writeBuffer(buffer, 0, new Float32Array(8).fill(-0.4));
  const flops = 2 * 4 * CHAINS * UNROLLED * rounds * LANES * workgroups;
  return probe(gpu, { name: 'peak', code, buffers: [buffer], workgroups, times: 4, work: flops });
}

/** Copies an array that no cache holds. */
export async function copyProbe(gpu: Gpu, dry: boolean): Promise<Probe> {
  const bytes = dry ? 2 ** 16 : Math.min(2 ** 28, 2 ** Math.floor(Math.log2(gpu.bytes)));
  const across = Math.min(2 ** 15, bytes / 16 / LANES);
  const code = `
@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(${LANES})
fn main(@builtin(global_invocation_id) id: vec3u) {
  for (var i = id.x; i < ${bytes / 16}u; i += ${across * LANES}u) { y[i] = x[i]; }
}`;
  const buffers = [0, 1].map(() => gpu.device.createBuffer({ size: bytes, usage: STORAGE }));
  return probe(gpu, { name: 'copy', code, buffers, workgroups: across, times: 8, work: 2 * bytes });
}

interface Kernel {
  name: string;
  code: string;
  buffers: GPUBuffer[];
  workgroups: number;
  /** Dispatches in one submission. */
  times: number;
  /** Flops or bytes of a dispatch. */
  work: number;
}

async function probe(
  { device, wrong }: Gpu,
  { name, code, buffers, workgroups, times, work }: Kernel,
): Promise<Probe> {
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const run = async () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(workgroups);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    const what = wrong();
    if (what) throw new Error(`the probe ${name} was refused: ${what}`);
  };
  return { name, run, work: times * work };
}

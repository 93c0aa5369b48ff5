import { DistillError } from '../../errors.js';
import { lostError } from './device.js';
import { COMPUTE } from './flags.js';
import { codeOf, type Kernel } from './kernel.js';

/** A kernel ready to run, and the layout of its bindings. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** The pipelines of a device: equal kernels are compiled once, and all at the same time. */
export class Pipelines {
  readonly #byCode = new Map<string, Promise<Pipeline>>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  /** Group 1 of every kernel: the step and the seed, at an offset that changes from step to step. */
  readonly state: GPUBindGroupLayout;

  constructor(private readonly device: GPUDevice) {
    this.state = device.createBindGroupLayout({
      entries: [
        {
          binding: 0,
          visibility: COMPUTE,
          buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: 8 },
        },
      ],
    });
  }

  get(kernel: Kernel): Promise<Pipeline> {
    const code = codeOf(kernel);
    let pipeline = this.#byCode.get(code);
    if (!pipeline) {
      pipeline = this.#compile(kernel, code);
      this.#byCode.set(code, pipeline);
    }
    return pipeline;
  }

  async #compile({ name, bindings }: Kernel, code: string): Promise<Pipeline> {
    const layout = this.#layout(bindings.map(({ access }) => access));
    const module = this.device.createShaderModule({ label: name, code });
    try {
      const pipeline = await this.device.createComputePipelineAsync({
        label: name,
        layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout, this.state] }),
        compute: { module, entryPoint: 'main' },
      });
      return { pipeline, layout };
    } catch (error) {
      // A device that was lost tells nothing of its modules: that is how one knows.
      const { messages } = await module.getCompilationInfo().catch(({ message }: Error) => {
        throw lostError(message);
      });
      const why = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`).join('; ');
      throw new DistillError(
        'worker',
        `the GPU refuses the kernel ${name} (${why || (error as Error).message})`,
        { cause: error },
      );
    }
  }

  #layout(accesses: readonly string[]): GPUBindGroupLayout {
    const key = accesses.join();
    let layout = this.#layouts.get(key);
    if (!layout) {
      layout = this.device.createBindGroupLayout({
        entries: accesses.map((access, binding) => ({
          binding,
          visibility: COMPUTE,
          buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
        })),
      });
      this.#layouts.set(key, layout);
    }
    return layout;
  }
}

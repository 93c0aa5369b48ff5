import type { Command } from 'commander';
import { createEngine, DistillError } from 'wasm-distill';
import type { Context } from '../context.ts';
import { json } from '../format/json.ts';
import { checkGpu } from '../gpu/check.ts';
import { CHECKED } from '../gpu/plans.ts';
import { checkText, verdict } from '../gpu/text.ts';
import { addOptions, type OptionName, readOptions } from '../options/options.ts';

const OPTIONS = ['json'] as const satisfies OptionName[];

const EXAMPLES = `
Examples:
  wasm-distill check-gpu                                   a table, and a sentence
  wasm-distill check-gpu --json > gpu.json                 every result, for an issue

In Node, WebGPU is the package webgpu: npm install webgpu.`;

export function checkGpuCommand(program: Command, context: Context): void {
  const command = program
    .command('check-gpu')
    .summary('whether a GPU computes what wasm does')
    .description(
      'Runs training steps on the GPU and in wasm, operator by operator on the same inputs, and names the first whose result is further from that of wasm than rounding explains: then it ends with 1. What it prints can be pasted into an issue.',
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, OPTIONS);
  command.action(async (raw) => {
    const options = readOptions(OPTIONS, raw);
    const engine = await createEngine({ backend: 'webgpu' });
    try {
      const { progress, controller } = context;
      const check = await checkGpu(engine, CHECKED, { progress, signal: controller.signal });
      progress.close();
      process.stdout.write(options.json ? json(check) : `${checkText(check)}\n`);
      const sentence = verdict(check);
      if (!check.ok) throw new DistillError('mismatch', sentence);
      if (!options.json) process.stdout.write(`\n${sentence}\n`);
    } finally {
      await engine.close();
    }
  });
}

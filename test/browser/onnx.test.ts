import { expect, test } from 'vitest';
import { CONVOLUTIONAL } from '../support/onnx-golden.ts';
import { withPage } from './page.ts';

test.each([true, false])(
  'an ONNX teacher gives the same bits as in Node, isolated or not: %s',
  async (isolated) => {
    await withPage({ isolated }, async (run) => {
      expect(await run('onnx')).toEqual({
        sha256: CONVOLUTIONAL,
        runtime: { name: 'onnxruntime-web', version: '1.30.0', reproducible: true },
      });
    });
  },
);

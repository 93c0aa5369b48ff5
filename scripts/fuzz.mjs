// 100,000 damaged files for each parser, or as many as are asked for: npm run fuzz [-- 5000].
import { spawnSync } from 'node:child_process';

const runs = process.argv[2] ?? '100000';
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/formats/fuzz.test.ts'],
  { stdio: 'inherit', env: { ...process.env, FUZZ_RUNS: runs } },
);
process.exitCode = status ?? 1;

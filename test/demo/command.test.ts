import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { ready, withDemo } from './page.ts';

vi.setConfig({ testTimeout: 180_000 });

test('npm run demo serves the page from its sources at the port asked for, isolated, and prints its address', async () => {
  const port = await freePort();
  // Without scripts: the build that comes before is there already.
  const npm = spawn('npm', ['run', 'demo', '--ignore-scripts', '--', '--port', String(port)], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
    // A group of its own, so that npm's child ends with it.
    detached: true,
  });
  try {
    let printed = '';
    for await (const text of npm.stdout.setEncoding('utf8')) {
      printed += text;
      if (printed.includes('Local:')) break;
    }
    expect(printed).toContain(`http://localhost:${port}/`);
    const browser = await launchChromium();
    try {
      await withDemo(browser, `http://localhost:${port}/`, async (page) => {
        await ready(page);
        expect(await page.locator('#fact-backend').textContent()).toContain('shared memory');
      });
    } finally {
      await browser.close();
    }
  } finally {
    process.kill(-npm.pid!);
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

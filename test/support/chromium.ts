import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { aptGet, exists, mayInstall } from './apt.ts';

const linuxPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const macPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const windowsFolders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'];
const windowsPaths = ['Google/Chrome/Application/chrome.exe', 'Chromium/Application/chrome.exe'];

// No updates, no talking to anybody.
const launchArguments = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// No GPU, or one in software: a test must not depend on the machine's driver.
const withoutGpu = ['--disable-gpu'];
const swiftShader = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** Vitest's globalSetup: a missing Chromium is installed once, before tests run in parallel and under a time limit. */
export async function setup(): Promise<void> {
  // A failure is told by the tests that need a browser; the others must still run.
  await findChromium().catch(() => {});
}

/** Path of a Chromium or Chrome. Where it may, it installs one; else it throws: browser tests are never skipped. */
export async function findChromium(): Promise<string> {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (await exists(named)) return named;
    throw new Error(`CHROME_PATH is ${named}, which does not exist; set it to a Chromium or Chrome binary.`);
  }
  const found = await firstExisting(usualPaths());
  if (found) return found;
  if (!(await mayInstall())) {
    throw new Error('No Chromium was found: install Chromium or Chrome, or set CHROME_PATH to its binary.');
  }
  return install();
}

/** `webgpu`: with a GPU in software; else pages find none. */
export async function launchChromium({ webgpu = false } = {}): Promise<Browser> {
  const args = [...launchArguments, ...(webgpu ? swiftShader : withoutGpu)];
  return chromium.launch({ executablePath: await findChromium(), headless: true, args });
}

function usualPaths(): string[] {
  if (process.platform === 'darwin') return macPaths;
  if (process.platform === 'win32') {
    const folders = windowsFolders.flatMap((name) => process.env[name] ?? []);
    return folders.flatMap((folder) => windowsPaths.map((path) => join(folder, path)));
  }
  return linuxPaths;
}

async function install(): Promise<string> {
  process.stderr.write('No Chromium was found: installing the package chromium with apt-get.\n');
  try {
    await aptGet('update');
    await aptGet('install', '-y', '--no-install-recommends', 'chromium');
  } catch (error) {
    throw new Error(
      'apt-get could not install chromium: install it, or set CHROME_PATH to a Chromium binary.',
      {
        cause: error,
      },
    );
  }
  const found = await firstExisting(usualPaths());
  if (found) return found;
  throw new Error('apt-get installed chromium, but it is in no usual place: set CHROME_PATH to its binary.');
}

async function firstExisting(paths: string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

/** Ends the process that computes for all pages, as a driver's crash does; the browser starts a new one. */
export async function crashGpu(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  await session.detach();
}

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Folders in which browsers keep the description of SwiftShader, WebGPU's driver for machines without a GPU. */
const DRIVER_FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

/** A Chromium that is there already: `CHROME_PATH`, one installed on the system, or Playwright's own. */
export function findChromium(): string | undefined {
  const asked = process.env.CHROME_PATH;
  if (asked !== undefined && asked !== '') {
    if (!existsSync(asked)) throw new Error(`CHROME_PATH is ${asked}, but there is no such file.`);
    return asked;
  }
  return [...INSTALLED, chromium.executablePath()].find((path) => existsSync(path));
}

/** Finds or installs a Chromium: Playwright's own where its host can be reached, else Debian's package. */
export function provideChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  console.log('No Chromium found. Installing one for the browser tests.');
  const attempts: readonly (readonly [string, readonly string[]])[] = [
    ['npx', ['playwright', 'install', '--with-deps', '--no-shell', 'chromium']],
    ['sh', ['-c', 'apt-get update -q && apt-get install -qy --no-install-recommends chromium']],
  ];
  for (const [command, args] of attempts) {
    try {
      execFileSync(command, [...args], { stdio: 'inherit', timeout: 600_000 });
    } catch {
      console.log(`"${command} ${args.join(' ')}" did not succeed.`);
    }
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new Error('No Chromium could be installed. Install Chrome or Chromium, or set CHROME_PATH to one.');
}

/** SwiftShader's Vulkan driver beside this Chromium, for WebGPU in Node; undefined if it ships none. */
export function swiftShaderDriver(executable: string): string | undefined {
  const folders = [dirname(executable), ...DRIVER_FOLDERS];
  return folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((path) => existsSync(path));
}

import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';

/** Flags of dlopen(3) on Linux: bind now, let others see the symbols, stay loaded. Node names the first two only. */
const STAY_LOADED = 0x2 | 0x100 | 0x1000;

/**
 * Lets Dawn find SwiftShader, the software Vulkan that Chromium brings along, or the driver that this file describes. A
 * driver that VK_ICD_FILENAMES names, or that the system has, is left alone where no Chromium is found. Linux only;
 * elsewhere Dawn needs no Vulkan.
 */
export function offerSoftwareVulkan(driver?: string): void {
  if (process.platform !== 'linux') return;
  const folder = chromiumFolders().find((candidate) => existsSync(join(candidate, DRIVER)));
  if (driver !== undefined) process.env.VK_ICD_FILENAMES = driver;
  if (folder === undefined) return;
  process.env.VK_ICD_FILENAMES ??= join(folder, DRIVER);
  const loader = join(folder, LOADER);
  if (!existsSync(loader)) return;
  // Dawn opens "libvulkan.so.1" by name. LD_LIBRARY_PATH is read when the process starts, which is too late now; but
  // a library of that name that is loaded already is found, and dlopen leaves it loaded even though Node then refuses
  // it for being no addon of its own.
  try {
    process.dlopen({ exports: {} }, loader, STAY_LOADED);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('did not self-register')) throw error;
  }
}

/** Folders a Chromium may be installed in: the one asked for, then the system's, then Playwright's. */
function chromiumFolders(): string[] {
  const { CHROME_PATH, PLAYWRIGHT_BROWSERS_PATH } = process.env;
  const asked = CHROME_PATH && existsSync(CHROME_PATH) ? [dirname(realpathSync(CHROME_PATH))] : [];
  const cache = PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  const playwright = existsSync(cache)
    ? readdirSync(cache)
        .filter((name) => name.startsWith('chromium'))
        .flatMap((name) => [join(cache, name, 'chrome-linux64'), join(cache, name, 'chrome-linux')])
    : [];
  return [...asked, '/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome', ...playwright];
}

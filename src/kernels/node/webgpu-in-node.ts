import { existsSync } from 'node:fs';
import { create, globals } from 'webgpu';
import { offerSoftwareVulkan } from './software-vulkan.ts';

let outcome: Promise<string | undefined> | undefined;

/**
 * Puts Dawn in place as `navigator.gpu`, once a process: on the Vulkan driver whose description (a file *_icd.json)
 * WEBGPU_DRIVER names; without it on a graphics card where there is one, else on SwiftShader where a Chromium brings it
 * along. Resolves with the reason where there is no adapter, else with nothing.
 */
export function installWebGpu(): Promise<string | undefined> {
  outcome ??= install();
  return outcome;
}

async function install(): Promise<string | undefined> {
  Object.assign(globalThis, globals);
  const driver = process.env.WEBGPU_DRIVER;
  if (driver !== undefined && driver !== '') return onDriver(driver);
  if (await offerAdapter()) return undefined;
  offerSoftwareVulkan();
  if (await offerAdapter()) return undefined;
  return 'Dawn finds no Vulkan driver: install Chromium or set CHROME_PATH';
}

/** On this driver and no other. */
async function onDriver(driver: string): Promise<string | undefined> {
  if (!existsSync(driver)) return `WEBGPU_DRIVER is ${driver}, but there is no such file`;
  offerSoftwareVulkan(driver);
  if (await offerAdapter()) return undefined;
  return `Dawn does not accept the Vulkan driver of ${driver}; it may be too old`;
}

async function offerAdapter(): Promise<boolean> {
  const gpu = create([]);
  // Node 20 has no navigator; later ones have one that only lacks this.
  if (globalThis.navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  }
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  return (await gpu.requestAdapter()) !== null;
}

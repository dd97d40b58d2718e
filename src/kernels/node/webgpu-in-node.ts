import { create, globals } from 'webgpu';
import { offerSoftwareVulkan } from './software-vulkan.ts';

let outcome: Promise<string | undefined> | undefined;

/**
 * Puts Dawn in place as `navigator.gpu`, once a process: on a graphics card where there is one, else on SwiftShader where
 * a Chromium brings it along. Resolves with the reason where there is no adapter, else with nothing.
 */
export function installWebGpu(): Promise<string | undefined> {
  outcome ??= install();
  return outcome;
}

async function install(): Promise<string | undefined> {
  Object.assign(globalThis, globals);
  if (await offerAdapter()) return undefined;
  offerSoftwareVulkan();
  if (await offerAdapter()) return undefined;
  return 'Dawn finds no Vulkan driver: install Chromium or set CHROME_PATH';
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

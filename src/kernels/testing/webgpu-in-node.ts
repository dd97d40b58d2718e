import { create, globals } from 'webgpu';
import { offerSoftwareVulkan } from './software-vulkan.ts';

let outcome: Promise<string | undefined> | undefined;

/**
 * Puts Dawn in place as `navigator.gpu`, once a process, on SwiftShader where a Chromium brings it along. Resolves with
 * the reason where there is no adapter, else with nothing.
 */
export function installWebGpu(): Promise<string | undefined> {
  outcome ??= install();
  return outcome;
}

async function install(): Promise<string | undefined> {
  offerSoftwareVulkan();
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Node 21 and later have a navigator whose properties are read-only.
  Object.defineProperty(globalThis, 'navigator', { value: { ...globalThis.navigator, gpu }, configurable: true });
  const adapter = await gpu.requestAdapter();
  return adapter === null ? 'Dawn finds no Vulkan driver: install Chromium or set CHROME_PATH' : undefined;
}

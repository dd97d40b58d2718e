/**
 * Puts Dawn's WebGPU where a browser has it, `navigator.gpu`. Does nothing where it is there already.
 * Without a GPU Dawn finds a software driver only through the environment: set VK_ICD_FILENAMES to the
 * vk_swiftshader_icd.json that lies beside a Chromium.
 */
export async function installWebGpu(): Promise<void> {
  if (globalThis.navigator?.gpu !== undefined) return;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (globalThis.navigator === undefined) Object.defineProperty(globalThis, 'navigator', { value: { gpu } });
  else Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu });
}

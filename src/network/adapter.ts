/** Why WebGPU cannot be used, or not as fast as it looks. */
export type AdapterProblem = 'no-api' | 'no-adapter' | 'request-failed';

/** The adapter that WebGPU would run on. */
export type AdapterProbe =
  | { readonly ok: true; readonly name: string; readonly software: boolean }
  | { readonly ok: false; readonly problem: AdapterProblem; readonly technical: string };

/** Names of drivers that emulate a graphics card on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/** Whether a renderer of this name is emulated on the processor. */
export function isSoftwareRenderer(name: string): boolean {
  return SOFTWARE.test(name);
}

/**
 * Asks for the adapter tfjs would get. tfjs itself reads a property of null where there is none, so this goes first.
 * In Node the caller puts `navigator.gpu` in place (npm package `webgpu`).
 */
export async function probeAdapter(): Promise<AdapterProbe> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (gpu === undefined) return { ok: false, problem: 'no-api', technical: 'navigator.gpu is missing' };
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    return { ok: false, problem: 'request-failed', technical: error instanceof Error ? error.message : String(error) };
  }
  if (adapter === null) return { ok: false, problem: 'no-adapter', technical: 'requestAdapter returned null' };
  return { ok: true, ...describeAdapter(adapter) };
}

/** A name a person can read ("NVIDIA H200", "SwiftShader (software)") and whether the adapter is emulated. */
export function describeAdapter(adapter: Pick<GPUAdapter, 'info'> & { readonly isFallbackAdapter?: boolean }): {
  readonly name: string;
  readonly software: boolean;
} {
  const { vendor, architecture, device, description } = adapter.info;
  const all = [vendor, architecture, device, description].join(' ');
  // The flag moved from the adapter to its info; browsers have the one or the other.
  const software = isSoftwareRenderer(all) || adapter.info.isFallbackAdapter || adapter.isFallbackAdapter === true;
  if (/swiftshader/i.test(all)) return { name: 'SwiftShader (software)', software };
  const plain = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  return { name: software ? `${plain} (software)` : plain, software };
}

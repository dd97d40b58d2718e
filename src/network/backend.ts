/** What runs the network, as shown to the user. */
export interface EngineInfo {
  readonly backend: 'webgpu' | 'wasm' | 'webgl' | 'cpu';
  /** Name of the adapter or of the instruction set: "NVIDIA H200", "SwiftShader (software)", "SIMD". */
  readonly adapter: string;
  /** True where WebGPU is emulated on the processor. */
  readonly software: boolean;
}

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend } from '@tensorflow/tfjs-core';
import { chooseVariants, type KernelTuning, readChoice, type VariantChoice } from '../variants.ts';
import { adapterKey, isSoftware, setVariants, usualVariants } from './adapter-variants.ts';
import { timeVariant } from './time-variants.ts';

/** Nothing is measured that would begin later: the page waits for this once an adapter. */
const BUDGET_MS = 600;

/**
 * Puts the variants of the current backend's kernels in place: those given, else those remembered, else measured ones. On
 * a driver that runs on the processor compiling a single kernel takes longer than all measuring may, and the usual
 * variants win there (bench/variants.ts): it is not measured.
 */
export async function tune({ memory, fixed }: KernelTuning, measured?: boolean): Promise<VariantChoice> {
  // register.ts calls this for the backend 'webgpu' only.
  const running = backend() as WebGPUBackend;
  if (!(measured ?? !isSoftware(running))) return settle(running, readChoice(fixed, usualVariants(running)));
  const fallback = usualVariants(running);
  const key = adapterKey(running);
  const known = readChoice(fixed, fallback) ?? readChoice(await memory.find(key), fallback);
  const choice =
    known ??
    (await chooseVariants({
      fallback,
      time: (kernel, variant, until) => timeVariant(running, kernel, variant, until),
      budgetMs: BUDGET_MS,
      now: () => performance.now(),
    }));
  if (known === undefined) await memory.keep(key, choice);
  return settle(running, choice);
}

function settle(running: WebGPUBackend, choice = usualVariants(running)): VariantChoice {
  setVariants(running, choice);
  return choice;
}

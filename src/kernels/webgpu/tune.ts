import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend } from '@tensorflow/tfjs-core';
import { chooseVariants, type KernelTuning, readChoice, type VariantChoice } from '../variants.ts';
import { adapterKey, setVariants, usualVariants } from './adapter-variants.ts';
import { timeVariant } from './time-variants.ts';

/**
 * Nothing is measured that would begin later: the page waits for this once an adapter. On a driver that runs on the
 * processor compiling the first kernel takes longer, so that the usual variants stay; the run needs that kernel anyway.
 */
const BUDGET_MS = 400;

/** Puts the variants of the current backend's kernels in place: those given, else those remembered, else measured ones. */
export async function tune({ memory, fixed }: KernelTuning): Promise<VariantChoice> {
  // register.ts calls this for the backend 'webgpu' only.
  const running = backend() as WebGPUBackend;
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
  setVariants(running, choice);
  if (known === undefined) await memory.keep(key, choice);
  return choice;
}

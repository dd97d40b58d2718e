import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { Machine } from './results.ts';

const PACKAGES = ['@tensorflow/tfjs', '@jax-js/jax', 'webgpu'];

/** The machine of a benchmark; `finish` adds the load after it. */
export function observeMachine(command: string, more: Readonly<Record<string, string>> = {}) {
  const [loadBefore = 0] = loadavg();
  return {
    finish(later: Readonly<Record<string, string>> = {}): Machine {
      return {
        date: new Date().toISOString(),
        command,
        processor: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        loadBefore,
        loadAfter: loadavg()[0] ?? 0,
        versions: {
          node: process.versions.node,
          ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
          ...more,
          ...later,
        },
      };
    },
  };
}

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

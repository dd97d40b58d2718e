import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWebGpu } from '../src/kernels/node/webgpu-in-node.ts';
import { describeAdapter } from '../src/network/adapter.ts';

/** Where Vulkan drivers describe themselves. */
const FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** Mesa's lavapipe, a Vulkan driver on the processor that has no code in common with SwiftShader. */
interface Lavapipe {
  /** Its description, for WEBGPU_DRIVER. */
  readonly driver: string;
  readonly adapter: string;
}

/** The lavapipe that LAVAPIPE_ICD names, or the system's; a text where there is none that Dawn accepts. */
export function findLavapipe(): Lavapipe | string {
  const driver = process.env.LAVAPIPE_ICD ?? installed();
  if (driver === undefined)
    return 'no lavapipe here: install mesa-vulkan-drivers, or set LAVAPIPE_ICD to its lvp_icd.json';
  // In a process of its own: a process has one driver.
  const { stdout, stderr } = spawnSync('npx', ['tsx', fileURLToPath(import.meta.url)], {
    env: { ...process.env, WEBGPU_DRIVER: driver },
    encoding: 'utf8',
  });
  const adapter = /^adapter: (.*)$/m.exec(stdout)?.[1];
  return adapter === undefined ? stdout.trim() || stderr.trim().slice(0, 300) : { driver, adapter };
}

function installed(): string | undefined {
  return FOLDERS.filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .find((path) => /\/lvp_icd.*\.json$/.test(path));
}

if (process.argv[1]?.endsWith('lavapipe.ts')) {
  const missing = await installWebGpu();
  const adapter = missing === undefined ? await navigator.gpu.requestAdapter() : null;
  console.log(adapter === null ? missing : `adapter: ${describeAdapter(adapter).name}`);
  process.exit(0);
}

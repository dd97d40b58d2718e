import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

/** Where the AssemblyScript is. Its files end in .as, so that TypeScript, which has no v128, leaves them alone. */
const SOURCES = new URL('../src/kernels/wasm/assembly/', import.meta.url);

/** The committed module: WebAssembly as base64, so that it needs no file of its own in the page nor in Node. */
export const COMPILED = new URL('../src/kernels/wasm/compiled.ts', import.meta.url);

/** Compiles the kernels and gives the text of compiled.ts. Throws with the compiler's words where they do not compile. */
export async function compileKernels(): Promise<string> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      ...['--outFile', 'kernels.wasm'],
      ...['--runtime', 'stub', '--noAssert', '-O3', '--disableWarning', '102'],
      ...['--enable', 'simd', '--enable', 'threads'],
      // Which of the two kinds of memory it gets is settled when it is loaded: see shared-memory.ts.
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--noExportMemory'],
    ],
    {
      readFile: (name) => {
        try {
          return readFileSync(new URL(name.replace(/\.ts$/, '.as'), SOURCES), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_, contents) => {
        if (contents instanceof Uint8Array) wasm = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || wasm === undefined) throw new Error(`The WebAssembly kernels do not compile.\n${stderr.toString()}`);
  const base64 = Buffer.from(wasm).toString('base64');
  return `/** Made from assembly/ by \`npx tsx scripts/wasm-kernels.ts\`; not to be edited. */\nexport const KERNELS_BASE64 =\n  '${base64}';\n`;
}

if (process.argv[1]?.endsWith('wasm-kernels.ts')) {
  const text = await compileKernels();
  writeFileSync(COMPILED, text);
  console.log(`${Math.round((text.length * 3) / 4)} bytes of WebAssembly`);
}

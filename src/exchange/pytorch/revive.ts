import { strToU8, zipSync } from 'fflate';
import type { KernelShape } from '../../craft/filter-bank.ts';

/** The first layer of a model that is to be trained again. */
export interface RevivedLayer {
  readonly name: string;
  /** The name of its kernel, where a graph names it apart. */
  readonly weight?: string | undefined;
  readonly shape: KernelShape;
  /** The batch norm behind it, where there is one. */
  readonly batchNorm: string | undefined;
}

/** Lines of Python that train a PyTorch model again with CRAFT, with the names of the layers filled in. */
export function reviveScript({ name, weight = '', shape, batchNorm }: RevivedLayer): string {
  const [height, width, channels, filters] = shape;
  // PyTorch's newest exporter numbers the nodes, and keeps the names of weights.
  const conv = moduleOf(name) ?? (/\.weight$/.test(weight) ? moduleOf(weight) : undefined);
  const norm = batchNorm === undefined ? undefined : moduleOf(batchNorm);
  const found = (path: string | undefined, label: string) =>
    path === undefined ? `the file calls it "${comment(label)}": put in the module's own name` : comment(label);
  const second =
    batchNorm === undefined
      ? '    None,  # no batch norm found right behind it; name yours where there is one\n'
      : `    ${norm ?? 'net.bn1'},  # ${found(norm, batchNorm)}\n`;
  return (
    'from craft import DEFAULTS, Craft\n\n' +
    '# net: your network with its trained weights loaded; optimiser, total_steps: as you trained it.\n' +
    'craft = Craft(\n' +
    `    ${conv ?? 'net.conv1'},  # ${found(conv, name)}, ${[filters, channels, height, width].join(' x ')}\n` +
    second +
    '    optimiser,\n    DEFAULTS,\n    total_steps,\n)\n' +
    'for step in range(total_steps):\n' +
    '    ...  # forward, backward, optimiser.step()\n' +
    '    event = craft.after_step(step + 1)\n' +
    '    if event:\n' +
    '        print(step + 1, "re-activated", event["filters"])\n'
  );
}

/** craft.py with the lines that use it, zipped. */
export function reviveBundle(layer: RevivedLayer, craft: string): Uint8Array<ArrayBuffer> {
  const files = { 'craft.py': strToU8(craft), 'revive.py': strToU8(reviveScript(layer)) };
  return new Uint8Array(zipSync(files, { mtime: new Date(2026, 0, 1) }));
}

/** Beginnings of names that are the checkpoint's and not the network's. */
const AROUND = /^((net_)?state_dict|module|model|backbone|net|_orig_mod)\./;

/** "layer.0.conv" as "net.layer[0].conv"; undefined where the name is not a module's, such as "Conv_0". */
function moduleOf(name: string): string | undefined {
  let path = name.replace(/\.weight$/, '');
  if (path.startsWith('/')) {
    // PyTorch's exporter: "/layer1/layer1.0/conv1/Conv".
    const parts = path.slice(1).split('/').slice(0, -1);
    path = parts.filter((part, at) => !parts[at + 1]?.startsWith(`${part}.`)).join('.');
  }
  while (AROUND.test(path)) path = path.replace(AROUND, '');
  const parts = path.split('.');
  const known = parts.every((part) => /^([A-Za-z_]\w*|\d+)$/.test(part)) && !/^\d/.test(path);
  if (!known || /^(Conv|BatchNormalization|node_)[_\w]*\d*$/.test(path)) return undefined;
  return `net${parts.map((part) => (/^\d/.test(part) ? `[${part}]` : `.${part}`)).join('')}`;
}

/** A name from a file within a comment: it cannot end the line. */
function comment(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}

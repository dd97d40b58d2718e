import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { pythonWith } from '../../formats/testing/python.ts';
import { reviveBundle, reviveScript } from './revive.ts';

const SHAPE = [3, 3, 3, 64] as const;
const lines = (name: string, batchNorm?: string) => reviveScript({ name, shape: SHAPE, batchNorm }).split('\n');

test('names of layers become modules, and names that are none are left to the user', () => {
  const text = lines('module.backbone.stem.0', 'module.backbone.stem.1.bn').join('\n');
  expect(text).toContain('    net.stem[0],  # module.backbone.stem.0, 64 x 3 x 3 x 3\n');
  expect(text).toContain('    net.stem[1].bn,  # module.backbone.stem.1.bn\n');
  expect(lines('/conv1/Conv').join('\n')).toContain('    net.conv1,  # /conv1/Conv,');
  expect(lines('/layer1/layer1.0/conv/Conv').join('\n')).toContain('    net.layer1[0].conv,');
  const unknown = lines('Conv_0').join('\n');
  expect(unknown).toContain('net.conv1,  # the file calls it "Conv_0": put in the module\'s own name');
  expect(unknown).toContain('    None,  # no batch norm found right behind it');
  const newest = reviveScript({ name: 'node_conv2d', weight: 'stem.0.weight', shape: SHAPE, batchNorm: undefined });
  expect(newest).toContain('    net.stem[0],  # node_conv2d,');
  // A name cannot end its comment.
  expect(lines('a\nimport os').filter((line) => line.startsWith('import'))).toEqual([]);
});

const python = pythonWith('ast');

test.skipIf(python.command === undefined)(`the bundle is Python that can be read${python.skipped}`, () => {
  const files = unzipSync(reviveBundle({ name: 'conv1', shape: SHAPE, batchNorm: 'bn1' }, 'DEFAULTS = {}\n'));
  expect(Object.keys(files)).toEqual(['craft.py', 'revive.py']);
  const script = strFromU8(files['revive.py'] ?? new Uint8Array(0));
  expect(() =>
    python.run(['-c', 'import ast,sys; ast.parse(sys.stdin.read())'], {
      input: files['revive.py'] ?? new Uint8Array(0),
    }),
  ).not.toThrow();
  expect(script).toContain('net.conv1,  # conv1, 64 x 3 x 3 x 3');
});

import { describe, expect, it } from 'vitest';
import { noticesText, packageFolder, standardText } from './notices.ts';

describe('The package of a bundled module', () => {
  it.each([
    ['/home/me/project/node_modules/react/index.js', '/home/me/project/node_modules/react'],
    ['/p/node_modules/@mantine/core/esm/index.mjs', '/p/node_modules/@mantine/core'],
    ['/p/node_modules/onnxruntime-web/node_modules/long/index.js', '/p/node_modules/onnxruntime-web/node_modules/long'],
    ['/p/node_modules/onnxruntime-web/dist/ort.wasm?url', '/p/node_modules/onnxruntime-web'],
    ['\0/p/node_modules/react/index.js?commonjs-module', '/p/node_modules/react'],
    ['C:\\p\\node_modules\\zod\\index.js', 'C:/p/node_modules/zod'],
  ])('%s belongs to %s', (id, folder) => expect(packageFolder(id)).toBe(folder));

  it('has none for the project itself', () => expect(packageFolder('/p/src/ui/main.tsx')).toBeUndefined());
});

describe('The notices', () => {
  it('hold one text once, under every package that has it, and say where there is none', () => {
    const text = noticesText('Our licence', [
      { title: 'b 2 (MIT)', text: 'Permission' },
      { title: 'c 3 (ISC)', text: '' },
      { title: 'a 1 (MIT)', text: 'Permission' },
    ]);
    expect(text).toContain('Our licence');
    expect(text).toContain('a 1 (MIT)\nb 2 (MIT)\n\nPermission');
    expect(text.match(/Permission/g)).toHaveLength(1);
    expect(text).toContain('c 3 (ISC)\n\nThe package names its licence and holds no text of it.');
  });

  it('have the standard words where a package names its licence and brings no text', () => {
    const mit = standardText('MIT', 'Tim');
    expect(mit).toMatch(/^Copyright \(c\) Tim\n\nPermission is hereby granted, free of charge/);
    expect(mit).not.toContain('CRAFT');
    expect(standardText('Apache-2.0', 'Tim')).toMatch(/^Apache License\s+Version 2\.0/);
    expect(standardText('Apache-2.0 AND MIT', 'Tim')).toContain('Version 2.0');
    expect(standardText('Apache-2.0 AND MIT', 'Tim')).toContain(mit);
    expect(standardText('SEE LICENSE', 'Tim')).toBe('');
  });
});

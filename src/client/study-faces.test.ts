import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { conditionFromText, type StudyPlan } from '../study/plan.ts';
import { tinyFaces } from '../training/testing/tiny-faces.ts';
import { facesOfStudy, giveFaces, packedStudy } from './study-faces.ts';
import { ScriptedClient } from './testing/scripted-client.ts';

const OWN = { ...DEFAULT_CONFIG, faces: 'own' } as const;
const files = [{ path: 'a/1.png', file: new File([], '1.png') }];
const PLAN: StudyPlan = {
  name: 'cluster',
  version: '',
  config: DEFAULT_CONFIG,
  conditions: [conditionFromText('blend', DEFAULT_CONFIG)],
  axes: [],
  seeds: [1],
  seedSettings: ['seed'],
  evaluations: [{ name: 'LFW (lfw.bin)', data: 'lfw.bin' }],
  primary: 'heldout',
};

test('a client is given own faces before it is asked for them', async () => {
  const client = new ScriptedClient();
  giveFaces(client, DEFAULT_CONFIG, { name: 'people', files });
  giveFaces(client, OWN, { name: 'people', files });
  const about = facesOfStudy(client, OWN, { name: 'people', files });
  const [given, asked, ...others] = client.posted;
  expect(given).toMatchObject({ type: 'import-faces', name: 'people', files });
  expect(asked).toMatchObject({ type: 'describe-faces', config: OWN });
  expect(others).toEqual([]);
  const requestId = asked?.type === 'describe-faces' ? asked.requestId : '';
  const described = { identities: 3, images: 9, digest: 'ab', faces: tinyFaces(3, 3) };
  client.emit({ type: 'faces-described', requestId: 'other', faces: { ...described, images: 1, digest: 'x' } });
  client.emit({ type: 'faces-described', requestId, faces: described });
  expect(await about).toEqual({
    about: { name: 'people', identities: 3, images: 9, digest: 'ab' },
    ready: { config: OWN, faces: described.faces, own: { name: 'people', files } },
  });
});

test('a study is packed with the files of its tests, or says why not', async () => {
  const client = new ScriptedClient();
  const packed = packedStudy(client, PLAN, () => files);
  const [asked] = client.posted;
  if (asked?.type !== 'pack-study') throw new Error('Nothing was asked for.');
  expect(asked.files).toEqual([{ data: 'lfw.bin', files }]);
  expect(JSON.parse(asked.plan)).toMatchObject({ name: 'cluster' });
  client.emit({
    type: 'study-packed',
    requestId: asked.requestId,
    bytes: new Uint8Array([1, 2]),
    unreadable: ['1 image'],
  });
  expect(await packed).toMatchObject({ bytes: new Uint8Array([1, 2]), unreadable: ['1 image'] });
  const refused = packedStudy(client, PLAN, () => []);
  const again = client.posted.at(-1);
  const requestId = again?.type === 'pack-study' ? again.requestId : '';
  client.emit({ type: 'study-failed', requestId, failure: { code: 'x', message: 'No pairs.', hint: 'Drop.' } });
  await expect(refused).rejects.toMatchObject({ message: 'No pairs.', hint: 'Drop.' });
});

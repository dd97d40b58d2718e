import { Button, NativeSelect } from '@mantine/core';
import { IconArrowLeft, IconShieldCheck } from '@tabler/icons-react';
import { DRAWING_SETTINGS } from '../../config/drawing-settings.ts';
import { fieldOf } from '../../config/run-config.ts';
import type { ImportFile } from '../../worker/protocol.ts';
import { FaceDrop } from '../kit/face-drop.tsx';
import fields from '../kit/field-input.module.css';
import { FieldLabel } from '../kit/field-input.tsx';
import { NumberInput } from '../kit/number-field-input.tsx';
import { TwoThumbs } from '../kit/range-field-input.tsx';
import { OneThumb } from '../kit/share-slider.tsx';
import { useFaceImport } from '../kit/use-face-import.ts';
import { closeGallery } from '../state/gallery-state.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { useGallery, useGalleryActions } from './gallery-context.tsx';
import styles from './gallery-rail.module.css';

const SETTINGS = ['identities', 'imagesPerIdentity', 'imageSize', 'facesSeed'] as const;

/** How many people of which seed, own faces, and the way back. */
export function GalleryRail() {
  const { setConfig, useSyntheticFaces: forgetOwn } = useActions();
  const faces = useGallery((state) => state.faces);
  const own = useRunState(({ config }) => config.faces === 'own');
  const { take, refuse } = useFaceImport();
  const takeFaces = () => {
    if (own) forgetOwn();
    setConfig({ ...faces, faces: 'synthetic' });
    closeGallery();
  };
  const takeOwn = (files: readonly ImportFile[]) => {
    take(files);
    // Train shows how far they are read.
    if (files.length > 0) closeGallery();
  };
  return (
    <aside className={styles.rail} aria-label="Settings">
      <button type="button" className={styles.back} data-testid="gallery-back" onClick={closeGallery}>
        <IconArrowLeft size={16} stroke={1.8} aria-hidden="true" />
        Back to Train
      </button>
      <div className={styles.settings}>
        <section>
          <h2>Synthetic faces</h2>
          <div className={fields.fields}>
            {SETTINGS.map((name) => (
              <NumberSetting key={name} name={name} />
            ))}
          </div>
        </section>
        <section>
          <h2>How much the photos vary</h2>
          {DRAWING_SETTINGS.map((name) => (
            <VariationSetting key={name} name={name} />
          ))}
        </section>
        <section>
          <h2>Your own</h2>
          <FaceDrop title="Drop your own faces" onFiles={takeOwn} onUnreadable={refuse} />
          <p className={styles.privacy}>
            <IconShieldCheck size={16} stroke={1.6} aria-hidden="true" />
            Your photos stay on this computer: read in this tab, never uploaded, forgotten when you close it.
          </p>
        </section>
      </div>
      <div className={styles.foot}>
        <Button fullWidth data-testid="gallery-use" onClick={takeFaces}>
          Use these faces
        </Button>
        <span>Starts with the next run</span>
      </div>
    </aside>
  );
}

/** How much one thing varies between the photos of a person, or how all are drawn. */
function VariationSetting({ name }: { readonly name: (typeof DRAWING_SETTINGS)[number] }) {
  const actions = useGalleryActions();
  const field = fieldOf(name);
  const value = useGallery(({ faces }) => faces[name]);
  const shared = { name, disabled: false, onChange: (next: string | number) => actions.changeFaces({ [name]: next }) };
  if (field.kind === 'range') return <TwoThumbs {...shared} field={field} value={String(value)} />;
  if (field.kind === 'number') return <OneThumb {...shared} field={field} value={Number(value)} />;
  if (field.kind !== 'choice') return null;
  return (
    <div className={fields.field}>
      <NativeSelect
        size="xs"
        label={<FieldLabel text={field.label} help={field.help} />}
        aria-description={field.help}
        data={Object.entries(field.options).map(([option, label]) => ({ value: option, label }))}
        value={String(value)}
        onChange={(event) => shared.onChange(event.currentTarget.value)}
      />
    </div>
  );
}

/** A number of the shown people; the run's settings stay as they are. */
function NumberSetting({ name }: { readonly name: (typeof SETTINGS)[number] }) {
  const actions = useGalleryActions();
  const field = fieldOf(name);
  const value = useGallery(({ faces }) => faces[name]);
  if (field.kind !== 'number') return null;
  return (
    <div className={fields.field}>
      <NumberInput
        field={field}
        value={value}
        attributes={{ 'data-testid': `gallery-${name === 'facesSeed' ? 'seed' : name}` }}
        onChange={(asked) => actions.changeFaces({ [name]: asked })}
      />
    </div>
  );
}

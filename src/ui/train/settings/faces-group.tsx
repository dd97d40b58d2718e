import { Button } from '@mantine/core';
import { IconFolder, IconShieldCheck, IconUsers } from '@tabler/icons-react';
import { type ChangeEvent, useRef } from 'react';
import { noticeText } from '../../../formats/outside-text.ts';
import { pickedFiles } from '../../kit/dropped-files.ts';
import { FaceDrop } from '../../kit/face-drop.tsx';
import fields from '../../kit/field-input.module.css';
import { FieldInput } from '../../kit/field-input.tsx';
import { shownFields } from '../../kit/group-fields.ts';
import { useFaceImport } from '../../kit/use-face-import.ts';
import { openGallery } from '../../state/gallery-state.ts';
import { useActions, useRunState } from '../../state/store-context.tsx';
import { look } from '../../state/view-store.ts';
import { FaceSamples } from './face-samples.tsx';
import styles from './faces-group.module.css';
import { ImportProgress } from './import-progress.tsx';
import { hasFolderPicker, pickFolder } from './pick-folder.ts';
import { SiteAddress } from './site-address.tsx';

/** Lets a file input take a whole folder; React's types do not know the attribute. */
const WHOLE_FOLDER = { webkitdirectory: '' };

/** Which faces are trained on: synthetic ones, or the user's own. */
export function FacesGroup() {
  const actions = useActions();
  const config = useRunState((state) => state.config);
  const { importing, summary, failure } = useRunState((state) => state.faces);
  const folderInput = useRef<HTMLInputElement>(null);
  const { take, refuse } = useFaceImport();
  const takeFolder = (event: ChangeEvent<HTMLInputElement>) => {
    take(pickedFiles(event.currentTarget.files ?? []));
    event.currentTarget.value = '';
  };
  const chooseFolder = () => {
    if (hasFolderPicker(window)) pickFolder(window).then(take, refuse);
    else folderInput.current?.click();
  };
  return (
    <div className={styles.faces}>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconUsers size={15} />}
        data-testid="open-gallery"
        onClick={() => {
          look({ settingsOpen: false });
          openGallery();
        }}
      >
        {config.faces === 'own' ? 'Look at the synthetic people' : 'Look at these people'}
      </Button>
      {summary && <FaceSamples summary={summary} />}
      {importing ? (
        <ImportProgress importing={importing} onCancel={actions.cancelImport} />
      ) : (
        <FaceDrop title={summary ? 'Drop other faces' : 'Drop your own faces'} onFiles={take} onUnreadable={refuse} />
      )}
      {failure && (
        <p className={styles.failure}>
          {noticeText(failure.message)} {noticeText(failure.hint)}
        </p>
      )}
      <div className={styles.buttons}>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFolder size={15} />}
          disabled={importing !== undefined}
          onClick={chooseFolder}
        >
          Choose a folder
        </Button>
        {summary && (
          <Button variant="default" size="xs" onClick={actions.useSyntheticFaces}>
            Use synthetic faces again
          </Button>
        )}
        <input
          ref={folderInput}
          type="file"
          hidden
          multiple
          {...WHOLE_FOLDER}
          data-testid="faces-folder"
          aria-label="A folder of faces"
          onChange={takeFolder}
        />
      </div>
      <SiteAddress disabled={importing !== undefined} onFiles={take} onFailure={actions.refuseFaces} />
      <p className={styles.privacy}>
        <IconShieldCheck size={16} stroke={1.6} aria-hidden="true" />
        Your photos stay on this computer: read in this tab, never uploaded, forgotten when you close it.
      </p>
      <div className={fields.fields}>
        {shownFields('faces', config).map((key) => (
          <FieldInput key={key} name={key} />
        ))}
      </div>
    </div>
  );
}

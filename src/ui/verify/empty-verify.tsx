import { Button } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { dropName } from '../kit/dropped-files.ts';
import { PickFiles } from '../kit/pick-files.tsx';
import { openScreen } from '../state/view-store.ts';
import styles from './empty-verify.module.css';
import { verification } from './page-verify.ts';
import { VerifyNotices } from './verify-notices.tsx';

/** The purpose of the screen, while there is nothing to verify. */
export function EmptyVerify() {
  return (
    <>
      <section className={styles.empty} data-testid="verify-empty">
        <h2>Nothing to verify yet. Train both arms, or drop two models.</h2>
        <p>
          Verify measures networks on the benchmarks of the papers: LFW, CFP-FP, AgeDB-30, CALFW, CPLFW, IJB-B and
          IJB-C. Drawn faces replace the benchmarks until you drop their files. Models can be a saved run, a file saved
          from this page, or any ONNX face network. Everything is read here, never uploaded.
        </p>
        <div className={styles.actions}>
          <Button variant="filled" size="sm" onClick={() => openScreen('train')}>
            Go to Train
          </Button>
          <PickFiles
            label="Choose a model"
            icon={<IconUpload size={16} />}
            testId="verify-add-model"
            inputLabel="Model or saved run"
            onFiles={(files) => verification.takeFiles(dropName(files), files, 'anything')}
          />
        </div>
      </section>
      <VerifyNotices />
    </>
  );
}

import { dropName } from '../kit/dropped-files.ts';
import { useFileDrop } from '../kit/use-file-drop.ts';
import { useRunState } from '../state/store-context.tsx';
import { BenchmarkTable } from './benchmark-table.tsx';
import { CurvesCard } from './curves-card.tsx';
import { EmptyVerify } from './empty-verify.tsx';
import { HardPairsCard } from './hard-pairs-card.tsx';
import { NetworksBar } from './networks-bar.tsx';
import { useVerify, verification } from './page-verify.ts';
import { TwoPhotos } from './two-photos.tsx';
import { VerifyHeader } from './verify-header.tsx';
import { VerifyNotices } from './verify-notices.tsx';
import styles from './verify-screen.module.css';

/** Verification as face recognition reports it: the seven benchmarks, for one network or two side by side. */
export default function VerifyScreen() {
  const { over, target } = useFileDrop(
    (files) => verification.takeFiles(dropName(files), files, 'anything'),
    (error) => verification.refuseFiles(error),
  );
  const empty = useVerify(({ opened, columns }) => opened.length === 0 && columns.length === 0);
  const hasRun = useRunState(({ run }) => run?.started !== undefined && run.step > 0);
  const filled = useVerify(({ results }) => Object.keys(results).length > 0);
  return (
    // A file dropped anywhere counts; else the browser would leave the page to open it.
    <div className={styles.screen} data-testid="verify-screen" data-over={over || undefined} {...target}>
      <main id="main" className={styles.main} tabIndex={-1}>
        {empty && !hasRun ? (
          <EmptyVerify />
        ) : (
          <>
            <VerifyHeader />
            <VerifyNotices />
            <NetworksBar />
            <div className={styles.columns}>
              <BenchmarkTable />
              <CurvesCard />
            </div>
            {filled && <HardPairsCard />}
          </>
        )}
        <TwoPhotos />
      </main>
    </div>
  );
}

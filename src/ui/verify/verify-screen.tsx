import { type DragEvent, useState } from 'react';
import { useRunState } from '../store-context.tsx';
import { dropName, droppedFiles } from '../train/settings/dropped-files.ts';
import { BenchmarkTable } from './benchmark-table.tsx';
import { CurvesCard } from './curves-card.tsx';
import { EmptyVerify } from './empty-verify.tsx';
import { HardPairsCard } from './hard-pairs-card.tsx';
import { NetworksBar } from './networks-bar.tsx';
import { VerifyHeader } from './verify-header.tsx';
import { VerifyNotices } from './verify-notices.tsx';
import styles from './verify-screen.module.css';
import { useVerify } from './verify-state.ts';
import { refuseFiles, takeFiles } from './verify-store.ts';

/** Verification as face recognition reports it: the seven benchmarks, for one network or two side by side. */
export default function VerifyScreen() {
  const [over, setOver] = useState(false);
  const empty = useVerify(({ opened, columns }) => opened.length === 0 && columns.length === 0);
  const hasRun = useRunState(({ run }) => run?.started !== undefined && run.step > 0);
  const filled = useVerify(({ results }) => Object.keys(results).length > 0);
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    droppedFiles(event.dataTransfer).then((files) => takeFiles(dropName(files), files, 'anything'), refuseFiles);
  };
  return (
    // A file dropped anywhere counts; else the browser would leave the page to open it.
    // biome-ignore lint/a11y/noStaticElementInteractions: buttons inside are what a keyboard reaches.
    <div
      className={styles.screen}
      data-testid="verify-screen"
      data-over={over || undefined}
      onDragOver={drag}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget instanceof Node ? event.relatedTarget : null)) {
          setOver(false);
        }
      }}
      onDrop={drop}
    >
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
      </main>
    </div>
  );
}

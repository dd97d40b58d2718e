import { useEffect, useState } from 'react';
import { droppedFiles } from '../kit/dropped-files.ts';
import { useFaceImport } from '../kit/use-face-import.ts';
import { openRunFile, runFileAmong } from '../state/open-run.ts';
import { usePastRuns, useRunStore } from '../state/store-context.tsx';
import styles from './drop-anywhere.module.css';

/** Takes faces dropped anywhere on the page, where a browser would else leave the page to open them. */
export function DropAnywhere() {
  const { take, refuse } = useFaceImport();
  const store = useRunStore();
  const pastRuns = usePastRuns();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const drag = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      // Leaving an element for another inside the page is no leaving.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      const takenAlready = event.defaultPrevented;
      if (!holdsFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      if (takenAlready) return;
      const read = async (transfer: DataTransfer) => {
        const files = await droppedFiles(transfer);
        const run = await runFileAmong(files);
        if (run === undefined) take(files);
        else await openRunFile(store, pastRuns, run);
      };
      read(event.dataTransfer).catch(refuse);
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [take, refuse, store, pastRuns]);
  if (!over) return null;
  return (
    <div className={styles.overlay} aria-hidden="true">
      <p>
        <b>Drop faces to train on, or a saved run</b>A folder or .zip with one folder per person, train.rec with
        train.idx, or a run’s .zip. They stay on this computer.
      </p>
    </div>
  );
}

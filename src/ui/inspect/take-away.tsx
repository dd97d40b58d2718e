import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCopy, IconDownload } from '@tabler/icons-react';
import { inspectionReport } from '../../record/figures/inspection-report.ts';
import { figureFile } from '../kit/figure-files.ts';
import { saveFile } from '../kit/save-file.ts';
import { fullOf, ruleOf } from './filter-mark.ts';
import styles from './inspect-rail.module.css';
import { inspection, useInspect, useTasks } from './page-inspect.ts';
import { reportCsv } from './report-files.ts';

const NO_DECISION: readonly string[] = [];

/** The verdict, the list of inactive filters, the one-page report and the table, to be taken away. */
export function TakeAway() {
  const { report, drawn, model, view, state, audit } = useInspect((state) => state);
  const decision = useTasks(({ removable }) => removable?.decision ?? NO_DECISION);
  const verdict = useClipboard();
  const list = useClipboard();
  if (report === undefined || drawn === undefined || model === undefined) return null;
  const { headline, detail } = report.verdicts[view][state];
  const stem = `${model.name.replace(/\.\w+$/, '')}-${report.inspection.name}`.replace(/[^\w.-]+/g, '-');
  const save = async (kind: 'png' | 'svg') => {
    if (audit === undefined) return;
    const drawing = inspectionReport({
      file: model.name,
      rule: ruleOf(report.settings, state),
      verdict: report.verdicts[view][state],
      decision: report.layer === model.first ? decision : [],
      layer: {
        name: report.inspection.name,
        states: report.inspection[view].states,
        kernel: drawn.kernel,
        size: drawn.size,
        full: fullOf(drawn),
      },
      audit: audit.layers,
      totals: audit.totals,
    });
    saveFile(`${stem}.${kind}`, await figureFile(drawing, kind));
  };
  return (
    <section className={styles.after}>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconCopy size={15} />}
        onClick={() => verdict.copy(`${model.name}, ${report.inspection.name}: ${headline} ${detail}`)}
      >
        {verdict.copied ? 'Copied' : 'Copy verdict'}
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconCopy size={15} />}
        onClick={() => list.copy(report.inspection[view][state].join(', '))}
      >
        {list.copied ? 'Copied' : 'Copy list of inactive filters'}
      </Button>
      <div className={styles.three}>
        {(['png', 'svg'] as const).map((kind) => (
          <Button
            key={kind}
            variant="default"
            size="xs"
            px={8}
            leftSection={<IconDownload size={15} />}
            title={`One page with the verdict, every filter and the audit, as ${kind.toUpperCase()}`}
            disabled={audit === undefined}
            data-testid={`inspect-report-${kind}`}
            onClick={() => void save(kind).catch(refused)}
          >
            {kind.toUpperCase()}
          </Button>
        ))}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} />}
          onClick={() => saveFile(`${stem}.csv`, new Blob([reportCsv(report)], { type: 'text/csv' }))}
        >
          CSV
        </Button>
      </div>
    </section>
  );
}

function refused(): void {
  inspection.refuseModel('The browser could not draw the picture.', 'Save the CSV, or try another browser.');
}

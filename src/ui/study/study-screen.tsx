import { Button, Drawer, Group, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { countCells } from '../../study/cells.ts';
import type { StudyProblem } from '../../study/problem.ts';
import { useFocusBack } from '../kit/focus-back.ts';
import { Notice } from '../kit/notice.tsx';
import { ReadingCard } from '../kit/reading-card.tsx';
import { useFileDrop } from '../kit/use-file-drop.ts';
import { useRunState } from '../state/store-context.tsx';
import { useStudyDraft, withStudyDraft } from '../state/study-draft.ts';
import { look } from '../state/view-store.ts';
import { EmptyStudy } from './empty-study.tsx';
import { PlanFacts } from './plan-facts.tsx';
import { draftOfPlan, lackOf, planOfDraft } from './plan-of-draft.ts';
import { PlanRail } from './plan-rail.tsx';
import { RailFoot } from './rail-foot.tsx';
import { ResultsView } from './results-view.tsx';
import { shownStudy } from './shown-study.ts';
import { StudyButtons } from './study-buttons.tsx';
import { dropFiles, refuseDrop } from './study-files.ts';
import { StudyProgress } from './study-progress.tsx';
import styles from './study-screen.module.css';
import { discardStudy, lookForStudy, setStudy, useStudy } from './study-store.ts';
import { useStudyMeans } from './use-study-means.ts';

/** Many seeds and conditions, trained as fast as the machine allows, and the claims that they allow. */
export default function StudyScreen() {
  const narrow = useMediaQuery('(max-width: 767px)', undefined, { getInitialValueInEffect: false });
  const version = useStudy((state) => state.version);
  const study = useStudy((state) => state.study);
  const elsewhere = useStudy((state) => state.elsewhere);
  const dropped = useStudy((state) => state.dropped);
  const reading = useStudy((state) => state.reading);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the study is one object for its whole life; its version changes.
  const shown = useMemo(() => shownStudy(study, dropped), [study, version, dropped]);
  const { target } = useFileDrop((files) => void dropFiles(files), refuseDrop);
  const draft = useStudyDraft();
  const config = useRunState((state) => state.config);
  const means = useStudyMeans();
  const drafted = useMemo(() => planOfDraft(draft, config, means), [draft, config, means]);
  const lack = study === undefined || study.phase === 'finished' ? undefined : lackOf(study.plan, means);
  const [planOpen, setPlanOpen] = useState(false);
  const [resetAsked, setResetAsked] = useState(false);
  useFocusBack(planOpen || resetAsked);
  useEffect(() => void lookForStudy(), []);
  useEffect(() => {
    const { pathname, search, hash } = window.location;
    const next = withStudyDraft(draft, search);
    if (next !== search) window.history.replaceState(window.history.state, '', `${pathname}${next}${hash}`);
  }, [draft]);
  const written = study?.plan;
  useEffect(() => {
    const shared = written === undefined ? draft : draftOfPlan(written);
    look({ studyLink: { search: withStudyDraft(shared, '?screen=study'), config: written?.config } });
  }, [draft, written]);
  const plan = study?.plan ?? drafted.plan;
  const planned = plan === undefined ? 0 : countCells(plan);
  const rail = study ? <PlanFacts study={study} locked={elsewhere} /> : <PlanRail problem={drafted.problem} />;
  const foot = <RailFoot plan={plan} />;
  const reset = () => {
    if (study?.rows.length === 0) void discardStudy();
    else setResetAsked(true);
  };
  return (
    // A file dropped beside the zone counts too; else the browser would leave the page to open it.
    <div className={styles.screen} {...target}>
      <StudyButtons
        narrow={narrow}
        plan={drafted.plan}
        own={means.own}
        lacks={lack !== undefined}
        onPlan={() => setPlanOpen(true)}
        onReset={reset}
      />
      <StudyProgress planned={planned} />
      {narrow ? (
        <Drawer
          opened={planOpen}
          onClose={() => setPlanOpen(false)}
          position="bottom"
          size="84%"
          radius={16}
          title="Plan"
          overlayProps={{ color: '#0f141a', backgroundOpacity: 0.45 }}
          classNames={{ body: styles.drawer ?? '', content: styles.drawerContent ?? '' }}
        >
          <div className={styles.railScroll}>{rail}</div>
          {foot}
          <div className={styles.done}>
            <Button fullWidth h={44} onClick={() => setPlanOpen(false)}>
              Done
            </Button>
          </div>
        </Drawer>
      ) : (
        <aside className={styles.rail} aria-label="Plan">
          <div className={styles.railScroll}>{rail}</div>
          {foot}
        </aside>
      )}
      <main id="main" className={styles.main} tabIndex={-1}>
        <Trouble lack={lack} />
        {reading !== undefined && <ReadingCard reading={reading} testId="study-reading" onCancel={reading.cancel} />}
        {shown === undefined ? (
          <EmptyStudy plan={plan} />
        ) : (
          <ResultsView shown={shown} study={study} dropped={dropped} />
        )}
      </main>
      <Modal opened={resetAsked} onClose={() => setResetAsked(false)} title="End this study?" size={420} centered>
        <p>Its plan and the results of its runs are deleted from this browser. Export it first to keep them.</p>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={() => setResetAsked(false)}>
            Keep it
          </Button>
          <Button
            data-autofocus
            data-testid="study-discard"
            onClick={() => {
              setResetAsked(false);
              void discardStudy();
            }}
          >
            Delete and plan another
          </Button>
        </Group>
      </Modal>
    </div>
  );
}

function Trouble({ lack }: { readonly lack: StudyProblem | undefined }) {
  const trouble = useStudy((state) => state.trouble);
  const elsewhere = useStudy((state) => state.elsewhere);
  if (elsewhere) {
    const text = 'It is shown here as it was when this tab was opened.';
    return (
      <Notice notice={{ id: 'study-elsewhere', title: 'This study is open in another tab.', text, actions: [] }} />
    );
  }
  if (trouble === undefined && lack !== undefined) {
    return <Notice notice={{ id: 'study-lacks', title: lack.message, text: lack.hint, actions: [] }} />;
  }
  if (trouble === undefined) return null;
  const notice = {
    id: 'study-trouble',
    title: trouble.message,
    text: trouble.hint,
    actions: [],
    onClose: () => setStudy({ trouble: undefined }),
  };
  return <Notice notice={notice} />;
}

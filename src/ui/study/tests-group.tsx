import { Checkbox, NativeSelect } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { drawnBenchmark, evaluationOf } from '../../study/evaluation.ts';
import { HELD_OUT } from '../../study/plan.ts';
import { BENCHMARK_TITLES } from '../../verification/benchmark-names.ts';
import { FieldInput } from '../kit/field-input.tsx';
import { draftStudy, useStudyDraft } from '../state/study-draft.ts';
import styles from './plan-rail.module.css';
import { useStudy } from './study-store.ts';

const DRAWN = BENCHMARK_TITLES.map(({ id, title }) => ({ data: `synthetic:${id}`, title }));

/** The tests of every network of the study, and the primary one. */
export function TestsGroup() {
  const data = useStudyDraft((draft) => draft.data);
  const primary = useStudyDraft((draft) => draft.primary);
  const found = useStudy((state) => state.tests);
  const files = data.filter((one) => drawnBenchmark({ data: one }) === undefined);
  const choose = (next: readonly string[]) =>
    draftStudy({ data: next, ...(next.includes(primary) ? {} : { primary: HELD_OUT }) });
  const toggle = (one: string, checked: boolean) =>
    // In the order of the list, files behind.
    choose([...DRAWN.map((drawn) => drawn.data).filter((it) => (it === one ? checked : data.includes(it))), ...files]);
  return (
    <section className={styles.group}>
      <h2>Tests</h2>
      <ul className={styles.conditions}>
        <li>
          <Checkbox size="xs" checked disabled label="Held-out pairs" readOnly />
          <small>always in</small>
        </li>
        {DRAWN.map(({ data: one, title }) => (
          <li key={one}>
            <Checkbox
              size="xs"
              checked={data.includes(one)}
              label={`Drawn ${title}`}
              onChange={(event) => toggle(one, event.currentTarget.checked)}
            />
          </li>
        ))}
        {files.map((file) => (
          <li key={file}>
            <span className={styles.file}>
              <b>{evaluationOf(file).name}</b>
              <small>{found.get(file) ?? 'Not here: drop it on this tab.'}</small>
            </span>
            <button
              type="button"
              aria-label={`Remove ${file}`}
              onClick={() => choose(data.filter((one) => one !== file))}
            >
              <IconX size={14} />
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.note}>Drop official files, such as lfw.bin, anywhere on this tab to test on them.</p>
      <FieldInput name="verifyPairs" />
      <NativeSelect
        size="xs"
        label="Primary outcome"
        description="Settled before the first run; the only one that is not corrected."
        data-testid="study-primary"
        data={[
          { value: HELD_OUT, label: 'Accuracy on held-out pairs' },
          ...data.map((one) => ({ value: one, label: evaluationOf(one).name })),
        ]}
        value={primary}
        onChange={(event) => draftStudy({ primary: event.currentTarget.value })}
      />
    </section>
  );
}

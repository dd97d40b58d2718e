import { Button } from '@mantine/core';
import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber } from '../../../config/quantity.ts';
import { readConfig } from '../../../config/run-config.ts';
import { firstLayer, noveltyFigures, reactivatedFilters } from '../../../record/first-layer.ts';
import { ArmMark } from '../../kit/arm-mark.tsx';
import { useActions } from '../../state/store-context.tsx';
import { useView } from '../../state/view-store.ts';
import type { FinalLayers } from './final-layers.ts';
import { NoveltyStrip } from './novelty-strip.tsx';
import styles from './outcome-panel.module.css';
import { useOtherSeeds } from './visit-runs.ts';

/** The CRAFT arm's novelty against the standard arm, next to the control: two standard runs of different seeds. */
export function NoveltySection({ run }: { readonly run: RunRecord }) {
  const pinned = useView((view) => view.pinnedStep);
  const others = useOtherSeeds(run.config);
  const compared = comparison(run, pinned, others);
  return (
    <section className={styles.section} aria-labelledby="novelty-title">
      <h3 id="novelty-title">Novelty</h3>
      {compared === undefined ? (
        <p>{run.config.arms === 'both' ? 'No filters have been read yet.' : ONE_ARM}</p>
      ) : (
        <>
          <p>
            How far each active filter is from the nearest one of the other network: 0 % is a pattern that it has too,
            up to sign and strength, 100 % is unlike all of them.
          </p>
          <h4>
            <ArmMark arm="craft" /> CRAFT against Standard, seed {compared.seed}, step {formatNumber(compared.step)}
          </h4>
          {compared.craft && (
            <NoveltyStrip
              name="craft"
              arm="craft"
              figures={compared.craft}
              marked={compared.reactivated}
              markName="re-activated"
            />
          )}
        </>
      )}
      {(compared !== undefined || run.config.arms === 'standard') && <Control run={run} others={others} />}
    </section>
  );
}

const ONE_ARM =
  'Novelty compares the CRAFT arm with the standard arm; this run trains one of them. It can serve as the control of a run of both arms.';

interface Comparison {
  readonly seed: number;
  readonly step: number;
  readonly craft: ReturnType<typeof noveltyFigures>;
  readonly reactivated: readonly number[];
}

/** Of the run on the page; while that trains the standard arm alone, of the run of both arms it is the control of. */
function comparison(
  run: RunRecord,
  pinned: number | undefined,
  others: readonly FinalLayers[],
): Comparison | undefined {
  const craft = firstLayer(run, 'craft', pinned);
  const standard = firstLayer(run, 'standard', pinned);
  if (craft !== undefined && standard !== undefined) {
    const reactivated = reactivatedFilters(run, craft.step);
    return { seed: run.config.seed, step: craft.step, craft: noveltyFigures(craft, standard), reactivated };
  }
  const kept = run.config.arms === 'standard' ? withBothArms(others) : undefined;
  if (kept?.craft === undefined) return undefined;
  const { reactivated, step, config } = kept;
  return { seed: config.seed, step, craft: noveltyFigures(kept.craft, kept.standard), reactivated };
}

function withBothArms(runs: readonly FinalLayers[]): FinalLayers | undefined {
  return runs.find(({ craft }) => craft !== undefined);
}

/** The control, or how to get one. */
function Control({ run, others }: { readonly run: RunRecord; readonly others: readonly FinalLayers[] }) {
  const other = (run.config.arms === 'standard' ? withBothArms(others) : undefined) ?? others[0];
  const own = other === undefined ? undefined : firstLayer(run, 'standard', other.step);
  if (other === undefined) {
    return (
      <>
        <p data-testid="novelty-control">
          <b>Without a control this figure means nothing:</b> another seed alone gives other filters too.
        </p>
        <ControlButton run={run} />
      </>
    );
  }
  const seeds = `Standard, seed ${run.config.seed} against seed ${other.config.seed}`;
  if (own === undefined || own.step < other.step) {
    return (
      <p data-testid="novelty-control">
        Control: {seeds} is measured at step {formatNumber(other.step)}, the end of the run of seed {other.config.seed}.
      </p>
    );
  }
  const figures = noveltyFigures(own, other.standard);
  return (
    <>
      <h4>
        <ArmMark arm="standard" /> Control: {seeds}, step {formatNumber(other.step)}
      </h4>
      {figures && <NoveltyStrip name="control" arm="standard" figures={figures} marked={[]} markName="" />}
      <p data-testid="novelty-control">
        A different seed alone gives this much. CRAFT finds new patterns only where its figure is clearly higher, over
        several seeds: one pair of runs shows no more than a hint.
      </p>
    </>
  );
}

/** Trains the control, the run on the page being kept for the comparison. */
function ControlButton({ run }: { readonly run: RunRecord }) {
  const actions = useActions();
  if (run.config.arms === 'standard') return null;
  if (run.phase !== 'finished' || run.outcome !== 'completed') {
    return <p>When this run has come to its end, you can train the control here.</p>;
  }
  // The highest seed has none after it.
  const { config } = readConfig({ seed: run.config.seed + 1, arms: 'standard' }, run.config);
  const next = config.seed > run.config.seed ? config : { ...config, seed: 1 };
  return (
    <>
      <Button variant="default" size="compact-sm" data-testid="train-control" onClick={() => actions.trainWith(next)}>
        Train another seed as the control
      </Button>
      <p>
        Trains the standard arm alone from seed {next.seed}, in place of the run shown; this run's first layers are kept
        here until you leave the page. Your settings stay as they are.
      </p>
    </>
  );
}

import { Button } from '@mantine/core';
import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber, formatPercent } from '../../../config/quantity.ts';
import { readConfig } from '../../../config/read-config.ts';
import { firstLayer, type NoveltyFigures, noveltyFigures, reactivatedFilters } from '../../../record/first-layer.ts';
import { ArmMark } from '../../kit/arm-mark.tsx';
import { useActions } from '../../state/store-context.tsx';
import { useView } from '../../state/view-store.ts';
import { type FinalLayers, finalLayers } from './final-layers.ts';
import { NoveltyStrip } from './novelty-strip.tsx';
import { useOtherSeeds } from './other-seeds.ts';
import styles from './outcome-panel.module.css';
import { type SeedPairs, seedPairs } from './seed-pairs.ts';

/**
 * How new CRAFT's filters are: over seeds, CRAFT (t) against Standard (s) beside Standard (t) against Standard (s). Before
 * there is another seed, of the run alone, which means little.
 */
export function NoveltySection({ run }: { readonly run: RunRecord }) {
  const pinned = useView((view) => view.pinnedStep);
  const others = useOtherSeeds(run);
  const own = finalLayers(run);
  const pair = firstPair(own === undefined ? others : [own, ...others]);
  const alone = others.length === 0 ? ofOneSeed(run, pinned) : undefined;
  return (
    <section className={styles.section} aria-labelledby="novelty-title">
      <h3 id="novelty-title">Novelty</h3>
      {(pair ?? alone) !== undefined && (
        <p>
          How far each active filter is from the nearest one of the other network: 0 % is a pattern that it has too, up
          to sign and strength, 100 % is unlike all of them.
        </p>
      )}
      {pair === undefined ? <OneSeed run={run} alone={alone} waits={others.length > 0} /> : <Pair pair={pair} />}
    </section>
  );
}

const ONE_ARM =
  'Novelty compares the CRAFT arm with the standard arm; this run trains one of them. It can serve as the control of a run of both arms.';

interface ComparedPair {
  readonly first: FinalLayers;
  readonly second: FinalLayers;
  readonly craft: NoveltyFigures;
  readonly control: NoveltyFigures;
  readonly all: SeedPairs;
}

/** The first run with a CRAFT arm against the first of another seed, and the figures over all pairs. */
function firstPair(runs: readonly FinalLayers[]): ComparedPair | undefined {
  const first = runs.find(({ craft }) => craft !== undefined);
  const second = runs.find(({ config }) => config.seed !== first?.config.seed);
  const all = seedPairs(runs);
  if (first?.craft === undefined || second === undefined || all === undefined) return undefined;
  const craft = noveltyFigures(first.craft, second.standard);
  const control = noveltyFigures(first.standard, second.standard);
  return craft && control && { first, second, craft, control, all };
}

function Pair({ pair }: { readonly pair: ComparedPair }) {
  const { first, second, craft, control, all } = pair;
  const seeds = `seed ${first.config.seed}, against Standard, seed ${second.config.seed}`;
  const runs = all.seeds === 1 ? 'one seed' : `${all.seeds} seeds`;
  return (
    <>
      <h4>
        <ArmMark arm="craft" /> CRAFT, {seeds}, step {formatNumber(first.step)}
      </h4>
      <NoveltyStrip name="craft" arm="craft" figures={craft} marked={first.reactivated} markName="re-activated" />
      <h4>
        <ArmMark arm="standard" /> Control: Standard, {seeds}
      </h4>
      <NoveltyStrip name="control" arm="standard" figures={control} marked={[]} markName="" />
      <p data-testid="novelty-control">
        Over all ordered pairs of kept seeds (n = {all.pairs}): <b>{formatPercent(all.craft, 1)}</b> for CRAFT,{' '}
        <b>{formatPercent(all.control, 1)}</b> for the control; CRAFT is higher in {all.higher} of {runs}.{' '}
        {all.seeds < 3
          ? 'A different seed alone brings new patterns; so few seeds show no more than a hint.'
          : 'The pairs share seeds, so that n of them weigh less than n runs; a study shows which difference can be claimed.'}
      </p>
    </>
  );
}

interface OneSeedFigures {
  readonly step: number;
  readonly figures: NoveltyFigures | undefined;
  readonly reactivated: readonly number[];
}

/** CRAFT against the standard arm of its own run, which has the same first weights. */
function ofOneSeed(run: RunRecord, pinned: number | undefined): OneSeedFigures | undefined {
  const craft = firstLayer(run, 'craft', pinned);
  const standard = firstLayer(run, 'standard', pinned);
  if (craft === undefined || standard === undefined) return undefined;
  const { step } = craft;
  return { step, figures: noveltyFigures(craft, standard), reactivated: reactivatedFilters(run, step) };
}

interface OneSeedProps {
  readonly run: RunRecord;
  readonly alone: OneSeedFigures | undefined;
  /** For this run's end, since another seed is there. */
  readonly waits: boolean;
}

function OneSeed({ run, alone, waits }: OneSeedProps) {
  const { arms, seed } = run.config;
  if (waits) {
    return (
      <p data-testid="novelty-control">
        Another seed is kept. The two are compared when this run has finished, if either has a CRAFT arm.
      </p>
    );
  }
  if (alone === undefined) return <p>{arms === 'both' ? 'No filters have been read yet.' : ONE_ARM}</p>;
  return (
    <>
      <h4>
        <ArmMark arm="craft" /> CRAFT against Standard, both seed {seed}, step {formatNumber(alone.step)}
      </h4>
      {alone.figures && (
        <NoveltyStrip
          name="craft"
          arm="craft"
          figures={alone.figures}
          marked={alone.reactivated}
          markName="re-activated"
        />
      )}
      <p data-testid="novelty-control">
        <b>Without a control this figure means nothing:</b> both arms began with the same filters, and another seed
        alone gives other filters too.
      </p>
      <ControlButton run={run} />
    </>
  );
}

/** Trains the control, the run on the page being kept for the comparison. */
function ControlButton({ run }: { readonly run: RunRecord }) {
  const actions = useActions();
  if (run.config.arms === 'standard') return null;
  if (run.phase !== 'finished' || run.outcome !== 'completed') {
    return <p>When this run has finished, you can train the control here.</p>;
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
        Trains the standard arm alone from seed {next.seed}, in place of the run shown; this run's first layers stay for
        the comparison. Your settings stay as they are.
      </p>
    </>
  );
}

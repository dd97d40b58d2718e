import { NativeSelect, SegmentedControl, Slider } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { formatDuration, formatPercent } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import type { InspectionState, LayerReport } from '../../worker/inspection/protocol.ts';
import { MiddleCut } from '../kit/middle-cut.tsx';
import { Notice } from '../kit/notice.tsx';
import { bytesInWords } from '../kit/run-words.ts';
import { shortNumber } from './filter-mark.ts';
import styles from './inspect-rail.module.css';
import { ModelDrop } from './model-drop.tsx';
import { inspection, useInspect } from './page-inspect.ts';
import { RunSources } from './run-sources.tsx';
import { TakeAway } from './take-away.tsx';

/** A model may have hundreds of convolutions that are not read. */
const SHOWN_NAMES = 6;

/** The source of a model, its facts, the criterion of inactive filters, and the downloads. */
export function InspectRail() {
  const { failure, stale, model } = useInspect((state) => state);
  return (
    <aside className={styles.rail} aria-label="Model">
      <section>
        <ModelDrop />
        {failure && (
          <Notice
            testId="inspect-failure"
            notice={{
              id: 'inspect',
              title: failure.message,
              text:
                stale && model !== undefined
                  ? `${failure.hint} ${noticeText(model.name, 80)} stays open.`
                  : failure.hint,
              actions: [],
              onClose: () => inspection.dismissRefusal(),
            }}
          />
        )}
        <ModelFacts />
      </section>
      <RunSources />
      <Controls />
      <TakeAway />
    </aside>
  );
}

function ModelFacts() {
  const model = useInspect((state) => state.model);
  const layer = useInspect((state) => state.layer);
  const unused = useInspect(({ report }) => (report?.layer === layer ? report.unused : undefined));
  const chosen = model?.layers[layer];
  if (model === undefined || chosen === undefined) return null;
  const [height, width, channels, filters] = chosen.shape;
  return (
    <div data-testid="inspect-model">
      <p className={styles.file}>
        <IconFile size={18} stroke={1.5} aria-hidden="true" />
        <b>{noticeText(model.name)}</b>
        <span>
          {model.format} · {bytesInWords(model.bytes)}
        </span>
      </p>
      {model.others.length > 0 && (
        <NativeSelect
          label={`One of ${model.others.length + 1} models`}
          size="xs"
          mb={10}
          data-testid="inspect-file"
          value={model.file}
          onChange={(event) => inspection.openOther(event.currentTarget.value)}
          data={[model.file, ...model.others].map((file) => ({ value: file, label: noticeText(file) }))}
        />
      )}
      <dl className={styles.facts}>
        {model.file !== model.name && (
          <>
            <dt>File read</dt>
            <dd>{noticeText(model.file)}</dd>
          </>
        )}
        <dt>{layer === model.first ? 'First convolution' : 'Convolution'}</dt>
        <LayerName name={chosen.name} />
        <dt>Weights</dt>
        <dd>
          {filters} × {channels} × {height} × {width}
        </dd>
        <dt>Batch norm</dt>
        {chosen.batchNorm === undefined ? (
          <dd>{chosen.unreadNorm === undefined ? 'none found, or folded in' : 'not folded in'}</dd>
        ) : (
          <LayerName name={chosen.batchNorm} />
        )}
        {unused !== undefined && (
          <>
            <dt>Unused behind it</dt>
            <dd title="Channels whose contribution to the next layers is under 5 % of that of the strong ones">
              {unused.length} of {filters}
            </dd>
          </>
        )}
        <dt>Order from</dt>
        <dd>{model.order === 'graph' ? 'the graph' : 'names and shapes'}</dd>
        <dt>Read in</dt>
        <dd>{model.readMs < 1000 ? `${Math.round(model.readMs)} ms` : formatDuration(model.readMs)}</dd>
      </dl>
      {model.alsoFirst.length > 0 && (
        <p className={styles.note}>
          Not taken for the first, though with an image as input: {listed(model.alsoFirst)}.
        </p>
      )}
      {model.unread.length > 0 && <p className={styles.note}>Convolutions not read: {listed(model.unread)}.</p>}
    </div>
  );
}

/** Cut in its middle where it is long: layers of one stage differ at the end. */
function LayerName({ name }: { readonly name: string }) {
  return (
    <dd className={styles.layerName} title={noticeText(name)}>
      <MiddleCut text={noticeText(name)} />
    </dd>
  );
}

function Controls() {
  const model = useInspect((state) => state.model);
  const { layer, settings, view, state, sort, report } = useInspect((state) => state);
  if (model === undefined) return null;
  const folds = model.layers[layer]?.batchNorm !== undefined;
  return (
    <section className={styles.after}>
      <div data-testid="inspect-view">
        <h2>Weights</h2>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Weights"
          disabled={!folds}
          value={folds ? view : 'raw'}
          onChange={(value) => inspection.lookAt({ view: value === 'folded' ? 'folded' : 'raw' })}
          data={[
            { value: 'raw', label: 'Raw' },
            { value: 'folded', label: 'BN-folded' },
          ]}
        />
        <p className={styles.note}>{foldedNote(folds, report, state)}</p>
      </div>
      <NativeSelect
        label="Layer"
        size="xs"
        value={String(layer)}
        onChange={(event) => inspection.chooseLayer(Number(event.currentTarget.value))}
        data={model.layers.map(({ name, shape }, index) => ({
          value: String(index),
          label: `${index + 1}. ${name} · ${shape[3]} × ${shape[2]} × ${shape[0]} × ${shape[1]}`,
        }))}
      />
      <div>
        <h2>Inactive when</h2>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Inactive when"
          value={state}
          onChange={(value) => inspection.lookAt({ state: value === 'weak' ? 'weak' : 'nearZero' })}
          data={[
            { value: 'nearZero', label: 'Near zero' },
            { value: 'weak', label: 'Weak' },
          ]}
        />
      </div>
      <div data-testid="inspect-threshold">
        <p className={styles.sliderHead}>
          <span>Near zero: largest |w| below</span>
          <b>{shortNumber(settings.epsilon)}</b>
        </p>
        <Slider
          size={4}
          thumbSize={16}
          label={null}
          thumbLabel="Near zero: largest weight below, as a power of ten"
          min={-6}
          max={0}
          step={0.05}
          value={Math.log10(settings.epsilon)}
          onChange={(power) => inspection.changeSettings({ epsilon: Number((10 ** power).toPrecision(3)) })}
        />
        <p className={styles.sliderHead}>
          <span>Weak: norm below</span>
          <b>{formatPercent(settings.rho)}</b>
        </p>
        <Slider
          size={4}
          thumbSize={16}
          label={null}
          thumbLabel="Weak: norm below this share"
          min={0}
          max={0.5}
          step={0.01}
          value={settings.rho}
          onChange={(rho) => inspection.changeSettings({ rho })}
        />
        <SegmentedControl
          fullWidth
          size="xs"
          mt={8}
          aria-label="Base of the share"
          value={settings.reference}
          onChange={(value) => inspection.changeSettings({ reference: value === 'largest' ? 'largest' : 'strong' })}
          data={[
            { value: 'strong', label: 'of the strong ones' },
            { value: 'largest', label: 'of the largest' },
          ]}
        />
      </div>
      <div>
        <h2>Sort the wall by</h2>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Sort the wall by"
          value={sort}
          onChange={(value) => inspection.lookAt({ sort: value === 'norm' ? 'norm' : 'index' })}
          data={[
            { value: 'index', label: 'Index' },
            { value: 'norm', label: 'Norm' },
          ]}
        />
      </div>
    </section>
  );
}

/** The first names of a list, and how many follow. */
function listed(names: readonly string[]): string {
  const more = names.length - SHOWN_NAMES;
  const first = names.slice(0, SHOWN_NAMES).map((name) => noticeText(name, 80));
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Whether folding changes which filters are inactive. */
function foldedNote(folds: boolean, report: LayerReport | undefined, state: InspectionState): string {
  const unread = report?.inspection.unreadNorm;
  if (!folds && unread !== undefined) return `${noticeText(unread, 80)} scales the filters, and is not folded in.`;
  if (!folds) return 'No batch norm was found, or it is folded in already.';
  if (report === undefined) return '';
  const { raw, folded, shape } = report.inspection;
  if (folded.notFinite.length > 0)
    return `${folded.notFinite.length} of ${shape[3]} filters hold numbers that are not finite.`;
  const same = raw[state].join() === folded[state].join();
  return `Raw: ${raw[state].length}, BN-folded: ${folded[state].length} of ${shape[3]}${same ? ', the same filters' : ''}.`;
}

import { Button, SegmentedControl } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconPhoto } from '@tabler/icons-react';
import { formatCount, formatExponential, formatFixed, formatNumber } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import type { AnswerDifference, SlimPlan } from '../../worker/inspection/protocol.ts';
import { Alert } from '../kit/alert.tsx';
import cards from '../kit/card.module.css';
import { PickFiles } from '../kit/pick-files.tsx';
import { saveFile } from '../kit/save-file.ts';
import { inspection, useInspect, useTasks } from './page-inspect.ts';
import styles from './slim-card.module.css';

/** The model without the channels that contribute nothing: the saving, and the comparison of its answers. */
export function SlimCard() {
  const name = useInspect(({ model }) => model?.name);
  const { removable, layers, slimmed, slimming, failure } = useTasks((state) => state);
  const plans = removable?.plans;
  const plan = plans?.[layers];
  if (name === undefined || plans === undefined || plan === undefined) return null;
  const model = slimmed[layers];
  const file = `${name.replace(/\.onnx$/i, '').replace(/[^\w.-]+/g, '-')}.slim.onnx`;
  const nothing = plan.channels === 0;
  return (
    <section className={cards.card} aria-label="Slim" id="inspect-slim" data-testid="inspect-slim">
      <div className={cards.header}>
        <h2 className={cards.title}>Slim</h2>
        <SegmentedControl
          size="xs"
          aria-label="Where channels are removed"
          value={layers}
          onChange={(value) => inspection.tasks.chooseLayers(value === 'all' ? 'all' : 'first')}
          data={[
            { value: 'first', label: `First layer: ${formatNumber(plans.first.channels)}` },
            { value: 'all', label: `Every layer: ${formatNumber(plans.all.channels)}` },
          ]}
        />
      </div>
      <div className={styles.body}>
        {nothing ? (
          <p>
            No channel {layers === 'first' ? 'of the first layer ' : ''}could be proved removable without changing
            answers.
          </p>
        ) : (
          <>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">
                    <span className="visually-hidden">Measure</span>
                  </th>
                  <th scope="col">Before</th>
                  <th scope="col">After</th>
                  <th scope="col">Change</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                <Row name="Parameters" from={plan.before.parameters} to={plan.after.parameters} text={formatNumber} />
                <Row
                  name="Multiply-adds"
                  from={plan.before.multiplyAdds}
                  to={plan.after.multiplyAdds}
                  text={formatCount}
                />
                <Row name="File" from={plan.before.bytes} to={plan.after.bytes} text={megabytes} />
                {model?.comparison !== undefined && (
                  <Row
                    name="Time for one face"
                    from={model.comparison.milliseconds[0]}
                    to={model.comparison.milliseconds[1]}
                    text={(value) => `${value.toFixed(1)} ms`}
                  />
                )}
              </tbody>
            </table>
            <p className={styles.note}>{provedInWords(plan)}</p>
            {model?.comparison !== undefined && (
              <p data-testid="slim-difference">
                Largest difference of an embedding value: {differenceInWords(model.comparison.random, 'random images')}
                {model.comparison.faces !== undefined &&
                  `, ${differenceInWords(model.comparison.faces, 'photos of yours')}`}
                . Measured with ONNX Runtime on one thread.
              </p>
            )}
            {model?.unmeasured !== undefined && <p className={styles.note}>Not measured: {model.unmeasured}</p>}
          </>
        )}
        {plan.kept.slice(0, 6).map((sentence) => (
          <p key={sentence} className={styles.kept}>
            <IconAlertTriangle size={15} aria-hidden="true" /> {noticeText(sentence)}
          </p>
        ))}
        {plan.kept.length > 6 && (
          <p className={styles.note}>And {plan.kept.length - 6} more layers with such filters.</p>
        )}
        {failure !== undefined && (
          <Alert className={styles.kept} text={failure.message} hint={failure.hint}>
            <IconAlertTriangle size={15} aria-hidden="true" />
          </Alert>
        )}
        {!nothing && (
          <div className={styles.actions}>
            {model === undefined ? (
              <Button size="sm" loading={slimming} data-testid="slim-compare" onClick={() => inspection.tasks.slim()}>
                Compare answers
              </Button>
            ) : (
              <Button
                size="sm"
                leftSection={<IconDownload size={16} />}
                data-testid="slim-save"
                onClick={() => saveFile(file, new Blob([model.bytes]))}
              >
                Save {file}
              </Button>
            )}
            <PickFiles
              label="On my photos"
              icon={<IconPhoto size={16} />}
              testId="slim-photos"
              inputLabel="Photos to compare on"
              onFiles={(files) => inspection.tasks.takePhotos(files)}
            />
            <code>npm run inspect -- model.onnx --slim out.onnx{layers === 'all' ? ' --slim-layers all' : ''}</code>
          </div>
        )}
      </div>
    </section>
  );
}

interface RowProps {
  readonly name: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly text: (value: number) => string;
}

function Row({ name, from, to, text }: RowProps) {
  if (from === undefined || to === undefined) return null;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{text(from)}</td>
      <td>
        <b>{text(to)}</b>
      </td>
      <td>{formatFixed(100 * (to / from - 1), 1)} %</td>
      <td aria-hidden="true">
        <span className={styles.bars}>
          <span />
          <span style={{ width: `${Math.min(100, (100 * to) / from)}%` }} />
        </span>
      </td>
    </tr>
  );
}

function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}

function provedInWords({ filters, depthwise, belowFloat32 }: SlimPlan): string {
  const gone = `${formatNumber(filters)} ${filters === 1 ? 'filter' : 'filters'}${depthwise === 0 ? '' : ` and ${formatNumber(depthwise)} depthwise channels`}`;
  const below =
    belowFloat32 === 0
      ? ''
      : ` ${belowFloat32} of the channels pass on less than a float32 sum can notice; they are removed, too.`;
  const add = filters === 1 && depthwise === 0 ? 'adds' : 'add';
  return `Proved from the weights: ${gone} ${add} nothing, or the same for every image, which biases behind them take over.${below}`;
}

function differenceInWords({ largest, images }: AnswerDifference, noun: string): string {
  const value = largest === 0 ? 'none' : formatExponential(largest, 0);
  return `${value} on ${images} ${noun}`;
}

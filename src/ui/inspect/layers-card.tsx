import { Tooltip } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { formatCount, formatNumber, formatPercent } from '../../config/quantity.ts';
import type { LayerAudit } from '../../craft/audit.ts';
import cards from '../kit/card.module.css';
import { MiddleCut } from '../kit/middle-cut.tsx';
import styles from './layers-card.module.css';
import { inspection, useInspect } from './page-inspect.ts';

/** Every convolution from input to output: dead, unused and duplicate channels, and the cost of the dead ones. */
export function LayersCard() {
  const { model, layer, shares, audit, view, state } = useInspect((state) => state);
  if (model === undefined) return null;
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Layers">
      <div className={cards.header}>
        <h2 className={cards.title}>Audit by depth</h2>
        <span className={cards.about}>
          {state === 'nearZero' ? 'near zero' : 'weak next to the others'}
          {audit?.totals.multiplyAdds === undefined ? '' : `, multiply-adds${assumed(audit.image)}`}
        </span>
      </div>
      <ol className={styles.list} data-testid="inspect-layers">
        {model.layers.map(({ name, shape }, index) => {
          const found = shares?.[view][index];
          const broken = found !== undefined && found.notFinite > 0;
          const share = broken ? undefined : found?.[state];
          const audited = audit?.layers[index];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: names of a file may repeat; the order never changes.
            <li key={index}>
              <Tooltip
                label={`${name}, ${shape[3]} filters of ${shape[2]} × ${shape[0]} × ${shape[1]}${inWords(audited)}`}
                maw={420}
                multiline
                events={{ hover: true, focus: true, touch: false }}
              >
                <button
                  type="button"
                  aria-current={index === layer || undefined}
                  data-depthwise={audited?.depthwise || undefined}
                  onClick={() => inspection.chooseLayer(index)}
                >
                  <span className={styles.place}>{index + 1}</span>
                  <MiddleCut text={name} />
                  <span className={styles.track} aria-hidden="true">
                    <span style={{ width: `${100 * (share ?? 0)}%` }} />
                  </span>
                  <span className={styles.share}>
                    {broken ? 'not finite' : share === undefined ? '' : formatPercent(share)}
                  </span>
                  <span className={styles.cost}>
                    {audited?.misleading !== undefined && (
                      <IconAlertTriangle size={13} aria-label="The threshold misleads" />
                    )}
                    {audited?.multiplyAdds === undefined ? '' : formatCount(audited.multiplyAdds)}
                  </span>
                </button>
              </Tooltip>
            </li>
          );
        })}
      </ol>
      {audit !== undefined && (
        <p className={styles.totals} data-testid="inspect-audit">
          {totalsInWords(audit.totals)}
          {audit.layers.some(({ misleading }) => misleading !== undefined) && (
            <>
              {' '}
              <IconAlertTriangle size={13} aria-hidden="true" /> {misleadingInWords(audit.layers)}
            </>
          )}
        </p>
      )}
    </section>
  );
}

function assumed(image: { readonly height: number; readonly width: number; readonly assumed: boolean } | undefined) {
  return image === undefined ? '' : ` at ${image.height}\u00a0×\u00a0${image.width}${image.assumed ? ', assumed' : ''}`;
}

function inWords(layer: LayerAudit | undefined): string {
  if (layer === undefined) return '';
  const { dead, exactlyZero, unused, duplicate, deadParameters, parameters, misleading, depthwise } = layer;
  const parts = [
    `${depthwise ? 'depthwise; ' : ''}${dead} near zero, ${exactlyZero} of them exactly`,
    unused === undefined ? 'use not known' : `${unused} unused`,
    `${duplicate} duplicate`,
    `${formatNumber(deadParameters)} of ${formatNumber(parameters)} weights in filters near zero`,
  ];
  return `; ${parts.join(', ')}.${misleading === undefined ? '' : ` ${misleading}`}`;
}

function totalsInWords(totals: {
  readonly channels: number;
  readonly dead: number;
  readonly duplicate: number;
  readonly parameters: number;
  readonly deadParameters: number;
  readonly multiplyAdds: number | undefined;
  readonly deadMultiplyAdds: number | undefined;
}): string {
  const { channels, dead, duplicate, parameters, deadParameters, multiplyAdds, deadMultiplyAdds = 0 } = totals;
  const share = (part: number, whole: number) => formatPercent(whole === 0 ? 0 : part / whole);
  const costs = [`${share(deadParameters, parameters)} of the weights`];
  if (multiplyAdds !== undefined) costs.push(`${share(deadMultiplyAdds, multiplyAdds)} of the multiply-adds`);
  const repeated = duplicate === 0 ? '' : ` ${formatNumber(duplicate)} repeat another filter of their layer.`;
  return `${formatNumber(dead)} of ${formatNumber(channels)} filters in all layers are near zero: ${costs.join(' and ')}.${repeated}`;
}

function misleadingInWords(layers: readonly LayerAudit[]): string {
  const [first, ...others] = layers.filter(({ misleading }) => misleading !== undefined);
  const rest = others.length === 0 ? '' : ` So do ${others.length} other layers.`;
  return `${first?.name}: ${first?.misleading}${rest}`;
}

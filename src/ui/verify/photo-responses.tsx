import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import type { ComparedPhotos } from '../../worker/verification/protocol.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import { ResponseThumbnail } from '../kit/response-thumbnail.tsx';
import type { Column } from './columns.ts';
import styles from './photo-responses.module.css';
import { mostDifferent } from './response-order.ts';

const SHOWN = 8;

interface PhotoResponsesProps {
  readonly columns: readonly Column[];
  readonly responses: ComparedPhotos['responses'];
  /** Which of the two responses is above, and which below. */
  readonly order: readonly [0 | 1, 0 | 1];
}

/** The responses of the first-layer filters of the networks to both photos, the most different first. */
export function PhotoResponses({ columns, responses, order }: PhotoResponsesProps) {
  const [all, setAll] = useState(false);
  const orders = useMemo(() => {
    const known = responses.filter((each) => each !== undefined);
    const [first] = known;
    const alike = known.every(([maps]) => countOf(maps) === (first ? countOf(first[0]) : 0));
    return responses.map((each) => each && mostDifferent(alike ? known : [each]));
  }, [responses]);
  const most = Math.max(0, ...orders.map((filters) => filters?.length ?? 0));
  return (
    <section className={styles.responses} aria-label="Responses of the filters" data-testid="photo-responses">
      <div className={styles.header}>
        <h3>Responses of the filters</h3>
        {most > 0 && (
          <span className={styles.note}>
            {all || most <= SHOWN ? `All ${formatNumber(most)}` : `${SHOWN} of ${formatNumber(most)}`}, the most
            different responses first; photo 1 above, photo 2 below; black is no response, on a fixed scale
          </span>
        )}
        {most > SHOWN && (
          <Button variant="default" size="compact-xs" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? `The first ${SHOWN}` : `All ${formatNumber(most)}`}
          </Button>
        )}
      </div>
      <div className={styles.networks}>
        {columns.map(({ id, name, mark, network }, place) => {
          const maps = responses[place];
          const inactive = new Set(network.firstLayer?.inactive);
          return (
            <div key={id}>
              <p className={styles.name}>
                <ArmMark arm={mark} /> <b>{name}</b>{' '}
                {network.firstLayer && (
                  <span className={styles.note}>
                    {formatNumber(inactive.size)} of {formatNumber(network.firstLayer.filters)} inactive
                  </span>
                )}
              </p>
              {maps === undefined ? (
                <p className={styles.note}>
                  The responses of a model from a file are not shown here. Inspect shows them for a drawn face.
                </p>
              ) : (
                <ul className={styles.filters} aria-label={`Responses of ${name}`}>
                  {orders[place]?.slice(0, all ? undefined : SHOWN).map((filter) => (
                    <li key={filter} data-inactive={inactive.has(filter) || undefined}>
                      {order.map((photo) => (
                        <ResponseThumbnail
                          key={photo}
                          maps={maps[photo]}
                          filter={filter}
                          className={styles.tile}
                          testId="response-tile"
                        />
                      ))}
                      <span>
                        <span className="visually-hidden">Filter </span>
                        {filter}
                        {inactive.has(filter) && <span className="visually-hidden">, inactive</span>}
                      </span>
                    </li>
                  ))}
                </ul>
              )}
            </div>
          );
        })}
      </div>
    </section>
  );
}

function countOf({ side, values }: { readonly side: number; readonly values: Float32Array }): number {
  return values.length / side ** 2;
}

import { Button, SegmentedControl } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCopy, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import scaleOut from '../../../docs/scale-out.md?raw';
import type { ModelSummary } from '../../worker/inspection/protocol.ts';
import cards from '../kit/card.module.css';
import { saveFile } from '../kit/save-file.ts';
import { useInspect, useTasks } from './page-inspect.ts';
import styles from './revive-card.module.css';

/** The patch for InsightFace's script is tested as the document has it. */
const PATCH = /```diff\n(.*?)```/s.exec(scaleOut)?.[1] ?? '';

const WAYS = [
  { value: 'pytorch', label: 'PyTorch' },
  { value: 'insightface', label: 'InsightFace patch' },
  { value: 'page', label: 'In this page' },
] as const;
type Way = (typeof WAYS)[number]['value'];

/** How the model is trained again with its filters alive: by lines of PyTorch, InsightFace's own script, or this page. */
export function ReviveCard() {
  const model = useInspect((state) => state.model);
  const removable = useTasks((state) => state.removable);
  const clipboard = useClipboard();
  const [way, setWay] = useState<Way>('pytorch');
  if (model === undefined || removable === undefined) return null;
  const { script, bundle } = removable.revive;
  const text = way === 'pytorch' ? script : PATCH;
  return (
    <section className={cards.card} aria-label="Revive" id="inspect-revive" data-testid="inspect-revive">
      <div className={cards.header}>
        <h2 className={cards.title}>Revive</h2>
        <span className={cards.subtitle}>train it again with its filters alive</span>
      </div>
      <div className={styles.body}>
        <SegmentedControl<Way>
          fullWidth
          size="xs"
          withItemsBorders={false}
          aria-label="Where it is trained again"
          data={[...WAYS]}
          value={way}
          onChange={setWay}
        />
        <p>{introduction(way, model.own)}</p>
        {way !== 'page' && (
          <>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: content that scrolls has to be reached by key. */}
            <pre className={styles.code} tabIndex={0}>
              {text}
            </pre>
            <div className={styles.actions}>
              <Button
                variant="default"
                size="xs"
                leftSection={<IconCopy size={15} />}
                onClick={() => clipboard.copy(text)}
              >
                {clipboard.copied ? 'Copied' : 'Copy'}
              </Button>
              <Button
                variant="default"
                size="xs"
                leftSection={<IconDownload size={15} />}
                data-testid="revive-bundle"
                onClick={() => saveFile('revive.zip', new Blob([bundle], { type: 'application/zip' }))}
              >
                Bundle .zip
              </Button>
            </div>
          </>
        )}
        <p className={styles.note}>Slim keeps the answers; Revive changes them and needs your training data.</p>
      </div>
    </section>
  );
}

function introduction(way: Way, own: ModelSummary['own']): string {
  if (way === 'pytorch') return 'craft.py for PyTorch, with the layers of this file filled in.';
  if (way === 'insightface') {
    return 'For recognition/arcface_torch: put the bundle’s craft.py beside train_v2.py, and apply this patch there (git apply). Load the weights of this file into backbone.module before the first step.';
  }
  if (own === undefined) return 'This network was not trained here, so that this page cannot train it on.';
  return 'why' in own
    ? `This network was trained here, but this file cannot be trained on. ${own.why}`
    : 'This network was trained here: “Train on with CRAFT” above opens a run that begins with its weights, and Export on the Train screen writes a PyTorch bundle with the whole recipe.';
}

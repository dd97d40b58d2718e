import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCopy, IconDownload } from '@tabler/icons-react';
import cards from '../kit/card.module.css';
import { saveFile } from '../kit/save-file.ts';
import { useInspect, useTasks } from './page-inspect.ts';
import styles from './revive-card.module.css';

/** How the model is trained again with its filters alive: lines of PyTorch with its layers' names filled in. */
export function ReviveCard() {
  const model = useInspect((state) => state.model);
  const removable = useTasks((state) => state.removable);
  const clipboard = useClipboard();
  if (model === undefined || removable === undefined) return null;
  const { script, bundle } = removable.revive;
  return (
    <section className={cards.card} aria-label="Revive" id="inspect-revive" data-testid="inspect-revive">
      <div className={cards.header}>
        <h2 className={cards.title}>Revive</h2>
        <span className={cards.subtitle}>train it again with its filters alive</span>
      </div>
      <div className={styles.body}>
        <p>
          craft.py for PyTorch, with the layers of this file filled in. Slim keeps the answers; Revive changes them and
          needs your training data.
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: content that scrolls has to be reached by key. */}
        <pre className={styles.code} tabIndex={0}>
          {script}
        </pre>
        <div className={styles.actions}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconCopy size={15} />}
            onClick={() => clipboard.copy(script)}
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
        <p className={styles.note}>
          {model.own === undefined
            ? 'For InsightFace there is a patch of its training script in docs/scale-out.md.'
            : 'why' in model.own
              ? `This network was trained here, but this file cannot be trained on. ${model.own.why}`
              : 'This network was trained here: “Train on with CRAFT” above opens a run that begins with its weights, and Export on the Train screen writes a PyTorch bundle with the whole recipe.'}
        </p>
      </div>
    </section>
  );
}

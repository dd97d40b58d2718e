import { Button, Group, Modal } from '@mantine/core';
import { armsOf } from '../../config/arm.ts';
import { type PresetId, presetOf, withPreset } from '../../config/presets.ts';
import { formatEstimate, formatFixed, formatNumber } from '../../config/quantity.ts';
import { fieldOf, type RunConfig } from '../../config/run-config.ts';
import { allArms } from '../../config/step-cost.ts';
import { useFocusBack } from '../kit/focus-back.ts';
import { isHardware } from '../state/engine.ts';
import { inSmalls, useDuration, useStepTime } from '../state/step-times.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { look, useView } from '../state/view-store.ts';

const close = () => look({ longRunAsked: false });

/** Asks before a run of over ten minutes: how long, why, and a preset that takes less. */
export default function LongRunDialog() {
  const open = useView(({ longRunAsked }) => longRunAsked);
  const config = useRunState((state) => state.config);
  const engine = useRunState((state) => state.engine);
  const { choosePreset, trainAnyway } = useActions();
  const duration = useDuration(config);
  const step = useStepTime(config);
  const shorter: PresetId = engine !== undefined && isHardware(engine) ? 'quick' : 'small';
  const shorterDuration = useDuration(withPreset(shorter, config));
  useFocusBack(open);
  const train = () => {
    close();
    trainAnyway();
  };
  const trainShorter = () => {
    close();
    choosePreset(shorter);
    trainAnyway();
  };
  const arms = armsOf(config).length;
  const helps = inSmalls(withPreset(shorter, config)) < inSmalls(config);
  const title = duration === undefined ? 'This run may take long.' : `This takes ${formatEstimate(duration)}. Start?`;
  const time = shorterDuration === undefined ? '' : ` (${formatEstimate(shorterDuration)})`;
  return (
    <Modal opened={open} onClose={close} title={title} size={460} centered data-testid="long-run">
      <p>
        {reasonOf(config, arms)}{' '}
        {step === undefined
          ? `A step is not measured yet on this computer; in multiplications the run is ${formatNumber(Number(inSmalls(config).toPrecision(2)))} times the preset Small.`
          : `One step takes about ${secondsOf(allArms(step.ms, arms, engine?.threads))} here${step.whole ? '' : ', by a part of its batch'}.`}
      </p>
      <p>It can be paused at any time, and resumed from the list of past runs.</p>
      <Group justify="flex-end" gap={8}>
        <Button variant="default" data-testid="train-anyway" onClick={train}>
          Train anyway
        </Button>
        {helps ? (
          <Button data-autofocus data-testid="train-shorter" onClick={trainShorter}>
            {presetOf(shorter).name} instead{time}
          </Button>
        ) : (
          <Button data-autofocus onClick={close}>
            Not now
          </Button>
        )}
      </Group>
    </Modal>
  );
}

/** "10 000 steps of two networks (IResNet-18) on 128 images of 64 px each." */
function reasonOf(config: RunConfig, arms: number): string {
  const field = fieldOf('body');
  const body = field.kind === 'choice' ? (field.options[config.body] ?? config.body) : config.body;
  const networks = arms === 1 ? 'one network' : 'two networks';
  const images = `${formatNumber(config.batchSize)} images of ${config.imageSize}\u00a0px`;
  return `${formatNumber(config.steps)} steps of ${networks} (${body}) on ${images} each.`;
}

function secondsOf(milliseconds: number): string {
  if (milliseconds < 1000) return `${formatNumber(Number(milliseconds.toPrecision(2)))} ms`;
  return `${formatFixed(milliseconds / 1000, milliseconds < 10_000 ? 1 : 0)} s`;
}

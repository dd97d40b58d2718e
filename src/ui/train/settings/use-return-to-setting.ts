import { useEffect, useEffectEvent } from 'react';
import type { FieldGroup } from '../../../config/field.ts';
import { fieldOf } from '../../../config/run-config.ts';
import { look, useView } from '../../state/view-store.ts';

/** Back from the Method page: opens the group of the setting that was looked up and puts the focus on its help again. */
export function useReturnToSetting(open: (group: FieldGroup) => void): void {
  const lookedUp = useView((view) => view.lookedUp);
  const unfold = useEffectEvent(open);
  useEffect(() => {
    if (lookedUp === undefined || useView.getState().screen !== 'train') return;
    unfold(fieldOf(lookedUp).group);
    // The group's content is there with the next frame.
    const frame = requestAnimationFrame(() => {
      const help = document.querySelector<HTMLElement>(`[data-help="${lookedUp}"]`);
      help?.closest('details')?.setAttribute('open', '');
      help?.scrollIntoView({ block: 'center' });
      help?.focus({ preventScroll: true });
      // The drawer of a narrow page puts the focus itself, once it has opened.
      if (!useView.getState().settingsOpen) look({ lookedUp: undefined });
    });
    return () => cancelAnimationFrame(frame);
  }, [lookedUp]);
}

import { type ComponentType, lazy, Suspense, useState } from 'react';
import { useAlignment } from '../state/page-alignment.ts';
import { useView } from '../state/view-store.ts';

const AlignDialog = lazy(() => import('../train/settings/align-dialog.tsx'));
const HelpDialog = lazy(() => import('./help-dialog.tsx'));
const LongRunDialog = lazy(() => import('./long-run-dialog.tsx'));
const ResetDialog = lazy(() => import('./reset-dialog.tsx'));
const WebgpuHelp = lazy(() => import('./webgpu-help.tsx'));

/** The page's dialogs, whose code is loaded when they are first opened. */
export function LazyDialogs() {
  const aligning = useAlignment(({ name }) => name !== undefined);
  const help = useView(({ helpOpen }) => helpOpen);
  const reset = useView(({ resetAsked }) => resetAsked);
  const longRun = useView(({ longRunAsked }) => longRunAsked);
  const webgpuHelp = useView(({ webgpuHelpOpen }) => webgpuHelpOpen);
  return (
    <>
      <OnceOpened open={help} Dialog={HelpDialog} />
      <OnceOpened open={reset} Dialog={ResetDialog} />
      <OnceOpened open={longRun} Dialog={LongRunDialog} />
      <OnceOpened open={webgpuHelp} Dialog={WebgpuHelp} />
      {/* Its photos are gone once it is closed. */}
      {aligning && (
        <Suspense fallback={null}>
          <AlignDialog />
        </Suspense>
      )}
    </>
  );
}

/** A dialog that stays in the page once it was open, so that it can close gently. */
function OnceOpened({ open, Dialog }: { readonly open: boolean; readonly Dialog: ComponentType }) {
  const [opened, setOpened] = useState(open);
  if (open && !opened) setOpened(true);
  if (!opened) return null;
  return (
    <Suspense fallback={null}>
      <Dialog />
    </Suspense>
  );
}

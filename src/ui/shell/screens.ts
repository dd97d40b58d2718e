import type { ComponentType } from 'react';
import { LazyInspect } from '../inspect/lazy-inspect.tsx';
import { LazyMethod } from '../method/lazy-method.tsx';
import { LazyStudy } from '../study/lazy-study.tsx';
import { LazyVerify } from '../verify/lazy-verify.tsx';
import { TrainTab } from './train-tab.tsx';

/** A tab of the page. */
export interface Screen {
  readonly id: string;
  readonly label: string;
  readonly Component: ComponentType;
}

/** The tabs in their order. A screen is listed once it works. */
export const SCREENS: readonly [Screen, ...Screen[]] = [
  { id: 'train', label: 'Train', Component: TrainTab },
  { id: 'verify', label: 'Verify', Component: LazyVerify },
  { id: 'inspect', label: 'Inspect', Component: LazyInspect },
  { id: 'study', label: 'Study', Component: LazyStudy },
  { id: 'method', label: 'Method', Component: LazyMethod },
];

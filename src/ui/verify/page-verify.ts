import { useStore } from 'zustand';
import { VerificationClient } from '../../client/verification-client.ts';
import type { VerifyState } from './verify-state.ts';
import { VerifyStore } from './verify-store.ts';

/** The verification of the page: results stay while another tab is open. */
export const verification = new VerifyStore((receive) => new VerificationClient(receive));

/** A part of the screen's state; the component renders again when that part changes. */
export function useVerify<Part>(select: (state: VerifyState) => Part): Part {
  return useStore(verification.state, select);
}

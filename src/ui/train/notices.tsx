import { Notice } from '../kit/notice.tsx';
import { useNoticeList } from './notice-list.ts';

/** Failures and changes, as sentences with their remedies. */
export function Notices() {
  return useNoticeList().map((notice) => <Notice key={notice.id} notice={notice} />);
}

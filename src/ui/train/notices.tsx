import { Notice } from '../kit/notice.tsx';
import { useNoticeList } from './notice-list.ts';

/** What went wrong or was changed, as sentences with what to do about it. */
export function Notices() {
  return useNoticeList().map((notice) => <Notice key={notice.id} notice={notice} />);
}

import { Notice } from '../kit/notice.tsx';
import { ReadingCard } from '../kit/reading-card.tsx';
import { useVerify, verification } from './page-verify.ts';

/** Files that are being read, and failures. */
export function VerifyNotices() {
  const reading = useVerify((state) => state.reading);
  const failure = useVerify((state) => state.failure);
  return (
    <>
      {reading !== undefined && (
        <ReadingCard reading={reading} testId="verify-reading" onCancel={() => verification.cancelReading()} />
      )}
      {failure !== undefined && (
        <Notice
          testId="verify-failure"
          notice={{
            id: 'verify',
            title: failure.message,
            text: failure.hint,
            actions: [],
            onClose: () => verification.dismissFailure(),
          }}
        />
      )}
    </>
  );
}

import type { ExportedFile, ExportFormat } from '../../exchange/export/export-network.ts';
import type { ArmName } from '../../training/events.ts';
import { trainingClient } from '../../worker/client.ts';

let count = 0;

/**
 * Has the worker write an arm of the paused or finished run. Rejects with an Error whose message says why it could not,
 * and what to do.
 */
export function exportRun(
  arm: ArmName,
  format: ExportFormat,
  batchNorm: 'folded' | 'kept' = 'folded',
): Promise<ExportedFile> {
  const requestId = `export-${++count}`;
  return new Promise((resolve, reject) => {
    const end = trainingClient.subscribe((message) => {
      if (message.type === 'run-exported' && message.requestId === requestId) resolve(message.file);
      else if (message.type === 'export-failed' && message.requestId === requestId) refuse(message.failure);
      else if (message.type === 'engine-failed') refuse(message.failure);
      else return;
      end();
    });
    const refuse = ({ message, hint }: { readonly message: string; readonly hint: string }) =>
      reject(new Error(`${message} ${hint}`));
    trainingClient.post({ type: 'export-run', requestId, arm, format, batchNorm });
  });
}

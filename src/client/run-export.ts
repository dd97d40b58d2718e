import type { ExportedFile, ExportFormat } from '../exchange/export/export-network.ts';
import type { ArmName } from '../record/arm.ts';
import type { RunRecord } from './run-record.ts';
import { takeSnapshot } from './run-snapshot.ts';
import { runsClient } from './runs-client.ts';

/** An arm of the run as a model, as it stands at the next step boundary. @throws RunFileError */
export async function exportArm(
  run: RunRecord,
  arm: ArmName,
  format: ExportFormat,
  batchNorm: 'folded' | 'kept' = 'folded',
): Promise<ExportedFile> {
  const { checkpoint } = await takeSnapshot(run);
  return runsClient.writeNetwork({ checkpoint, arm, format, batchNorm });
}

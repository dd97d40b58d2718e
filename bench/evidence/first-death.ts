import { parseArgs } from 'node:util';
import { median } from '../../src/config/average.ts';
import { decayDose, firstDeaths, stepOfDose } from '../../src/config/dose.ts';
import { stream } from '../../src/config/random.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../src/config/run-config.ts';
import { population, populationOf } from '../../src/faces/synthetic/population.ts';
import { openEngine } from '../../src/network/backend.ts';
import { Session } from '../../src/training/session.ts';

/*
 * When first-layer filters begin to die, and how well the decay dose foretells it: runs of different learning rate, weight
 * decay, schedule and length, each until its first inactive filter.
 *
 *   npx tsx bench/evidence/first-death.ts --runs 20
 *
 * Prints each run, the median dose at the first death, and the mean error of the step that `firstDeaths` predicts.
 */

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const draw = stream(Number(values.seed), 'first-death');
function pick<T>(choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(draw() * choices.length)] ?? choices[0];
}

const faces = await population(populationOf(DEFAULT_CONFIG));
const engine = await openEngine({ preference: 'wasm' });
const doses: number[] = [];
const errors: number[] = [];
console.log('| learning rate | weight decay | schedule | steps | seed | first death | its dose | predicted |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (let run = 0; run < Number(values.runs); run++) {
  const config: RunConfig = {
    ...DEFAULT_CONFIG,
    arms: 'standard',
    seed: run + 1,
    learningRate: pick([0.05, 0.1, 0.15]),
    weightDecay: pick([0.008, 0.01, 0.015, 0.02, 0.03]),
    schedule: pick<RunConfig['schedule']>(['cosine', 'polynomial', 'constant']),
    steps: pick([1200, 2000, 2400]),
    telemetryEvery: 5,
    verifyEvery: 0,
  };
  const session = new Session({ runId: 'evidence', config, faces, engine });
  let death: number | undefined;
  for await (const event of session.run()) {
    if (event.type !== 'filters' || death !== undefined || event.inactiveShare === 0) continue;
    death = event.step;
    session.gate.stop();
  }
  session.dispose();
  const predicted = stepOfDose(config, firstDeaths(config)?.median ?? 0);
  const dose = death === undefined ? undefined : decayDose(config, death).dose;
  if (dose !== undefined) doses.push(dose);
  if (death !== undefined && predicted !== undefined) errors.push(Math.abs(predicted - death) / death);
  const { learningRate, weightDecay, schedule, steps, seed } = config;
  console.log(
    `| ${[learningRate, weightDecay, schedule, steps, seed, death ?? 'none', dose?.toFixed(2) ?? '', predicted ?? 'none'].join(' | ')} |`,
  );
}
const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
console.log(`\nMedian dose at the first death: ${median(doses).toFixed(2)} (${doses.length} runs)`);
console.log(`Mean error of the predicted step: ${(100 * mean).toFixed(0)} % (${errors.length} runs)`);

import type { StudyPlan } from '../../study/plan.ts';

/** README.md of a study's bundle. */
export function studyReadme({ name, conditions, seeds }: StudyPlan, cells: number): string {
  return `# The study ${name}, for a cluster

${cells} runs: ${seeds.length} seeds, Standard and ${conditions.map((condition) => condition.name).join(', ')}.

\`\`\`sh
python study.py --count                                  # ${cells}
torchrun --nproc_per_node=8 study.py --index 0           # run 0 of ${cells - 1}, on eight devices
sbatch study.sbatch                                      # all of them, one array job each
\`\`\`

A run that is done is not trained again. Each writes out/runs/RUN/: results.csv, first-layer.npz, scores.npz and
model.safetensors, which opens in the playground under Inspect. Then, in a checkout of CRAFT Playground:

\`\`\`sh
npm run study -- --merge out --out joined                # results.csv, summary.json, report.md, figures
\`\`\`

| file | contents |
|---|---|
| study.json | the plan: settings, conditions, axes, seeds, evaluations, primary outcome |
| study.py | trains one run; train.py, model.py, craft.py and faces.py are its parts |
| faces.npz | the people who are trained on: images and labels |
| pairs-*.npz, files.json | the pairs of each evaluation with their images and people; held-out people are in no other file |
| study.sbatch | the Slurm array script; add your partition and account |

These files hold the faces: treat them as you treat the faces themselves. Needs torch and numpy.

Random numbers are PyTorch's: a seed gives the same kind of run as in the playground, not the same numbers. \`--merge\`
refuses a seed that has runs of both. The batch of study.json is that of all devices together.
Survival of re-activated filters is not measured here.
`;
}

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pythonWith, textFrom } from '../../src/formats/testing/python.ts';

/*
 * The patch of docs/scale-out.md for InsightFace's train_v2.py, applied to that very script and run: two processes with
 * gloo, IResNet-18, drawn faces. ARCFACE_TORCH_DIR is a copy of its recognition/arcface_torch.
 */
const arcface = process.env.ARCFACE_TORCH_DIR;
const python = pythonWith('torch', 'torchvision', 'numpy', 'sklearn');
const skipped = arcface === undefined ? ' (skipped: ARCFACE_TORCH_DIR is not set)' : python.skipped;
const repository = join(import.meta.dirname, '../..');

/** The thresholds call about one of eight first filters of N(0, 0.1) inactive; the rate is too low to change that. */
const CONFIG = `
from easydict import EasyDict as edict
config = edict()
config.update(network="r18", embedding_size=32, batch_size=3, lr=0.0001, optimizer="sgd", weight_decay=5e-4,
    rec="RECORDS", num_classes=4, num_image=24, num_epoch=2, warmup_epoch=0, val_targets=[], output="OUTPUT",
    save_all_states=True, num_workers=0, craft={"epsilon": 0.18, "checkEvery": 25})
`;

const CHECK = `
import json, sys, torch
states = [torch.load(f"{sys.argv[1]}/checkpoint_gpu_{rank}.pt", map_location="cpu") for rank in (0, 1)]
first, second = (state["state_dict_backbone"] for state in states)
names = ("conv1.weight", "bn1.weight", "bn1.bias")
print(json.dumps({
    "step": states[0]["global_step"],
    "same": all(torch.equal(first[name], second[name]) for name in names),
    "weakest": first["conv1.weight"].flatten(1).abs().amax(dim=1).min().item(),
}))
`;

test.skipIf(skipped !== '')(
  `train_v2.py with the patch re-activates the same filters on two ranks${skipped}`,
  { timeout: 600_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'arcface-'));
    try {
      const [code, faces, out] = ['code', 'faces', 'out'].map((name) => join(folder, name));
      if (code === undefined || faces === undefined || out === undefined) throw new Error('three folders');
      cpSync(arcface ?? '', code, { recursive: true });
      cpSync(join(repository, 'src/exchange/pytorch/bundle/craft.py'), join(code, 'craft.py'));
      const [, patch = ''] =
        /```diff\n(.*?)```/s.exec(readFileSync(join(repository, 'docs/scale-out.md'), 'utf8')) ?? [];
      const applied = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
        cwd: code,
        input: patch,
        encoding: 'utf8',
      });
      expect(applied.stderr).toBe('');
      expect(readFileSync(join(code, 'train_v2.py'), 'utf8')).toContain('from craft import');
      const draw = ['src/cli/faces.ts', '--identities', '4', '--images', '6', '--size', '112', '--out', faces];
      const drawn = spawnSync(process.execPath, ['--import', 'tsx', ...draw], { cwd: repository, encoding: 'utf8' });
      expect(drawn.status, drawn.stderr).toBe(0);
      writeFileSync(join(code, 'configs/drawn.py'), CONFIG.replace('RECORDS', faces).replace('OUTPUT', out));
      const script = join(import.meta.dirname, 'train_on_cpu.py');
      const launch = ['-m', 'torch.distributed.run', '--standalone', '--nproc_per_node', '2'];
      const logs = ['--redirects', '1', '--tee', '1', '--log_dir', join(folder, 'logs')];
      python.run([...launch, ...logs, script, 'train_v2.py', 'configs/drawn.py'], { cwd: code, timeout: 500_000 });
      const log = readFileSync(join(out, 'training.log'), 'utf8');
      const events = [...log.matchAll(/CRAFT: step (\d+), re-activated \[([\d, ]+)\]/g)];
      expect(events.map(([, step]) => Number(step))).toEqual([2]);
      expect(events[0]?.[2]?.split(',').length).toBeGreaterThan(1);
      expect(log).toMatch(/CRAFT: 0 of 64 first-layer filters inactive, \d+ unused/);
      const found: unknown = JSON.parse(textFrom(python.run(['-c', CHECK, out])));
      expect(found).toMatchObject({ step: 8, same: true });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

/** README.md of the PyTorch bundle. */
export function bundleReadme(about: {
  readonly arm: string;
  readonly step: number;
  readonly body: string;
  readonly size: number;
}): string {
  const { arm, step, body, size } = about;
  return `# A face network from CRAFT Playground

${body}, ${size} × ${size} images, the ${arm} arm at step ${step}.

| file | contents |
|---|---|
| model.py | the network and its margin head; reads and writes safetensors with torch alone |
| model.safetensors | the weights, PyTorch's names and layouts |
| config.json | all settings of the run, the step, the number of people, the pre-processing |
| craft.py | the method, as a callback for any training script |
| faces.py | images from a folder, an .npz or an InsightFace .rec |
| train.py | the run's recipe on one device or many |

## Embed faces

\`\`\`python
from model import load
network, head, about = load(".")
embeddings = network.eval()(images)  # [N, 3, ${size}, ${size}], RGB, (value / 255 - 0.5) / 0.5
\`\`\`

## Continue training

\`\`\`sh
python train.py --faces FACES --steps 20000                                # one device
torchrun --nproc_per_node=8 train.py --faces FACES --steps 20000           # eight GPUs
python train.py --faces FACES --from-scratch                               # the same recipe from its seed
python train.py --faces FACES --from-scratch --no-craft                    # the standard arm of it
\`\`\`

FACES is a folder with one folder per person, an .npz with \`images\` uint8 [N, ${size}, ${size}, 3] and \`labels\`, or a
train.rec with its train.idx. Needs torch and numpy; folders and records need Pillow as well.

The optimiser starts with a momentum of zero. The batch of config.json is that of all devices together. Every rank
normalises by its own share of the batch, as InsightFace does; CRAFT is decided on rank 0 and broadcast, and after each
re-activation train.py checks that the first layers of all ranks are the same. Random numbers are PyTorch's own: the
same seed gives the same kind of run as in the browser, not the same numbers.

out/model.safetensors opens again in the playground, under Inspect.

## CRAFT in your own script

\`\`\`python
from craft import Craft
craft = Craft(network.conv1, network.bn1, optimiser, config, total_steps, seed)
...
event = craft.after_step(step + 1)  # on every rank
\`\`\`
`;
}

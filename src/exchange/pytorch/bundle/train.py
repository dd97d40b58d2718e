"""Trains the network of this folder, with CRAFT: on one device, or on many by torchrun.

    python train.py --faces FOLDER|FACES.npz|TRAIN.rec [--steps N] [--from-scratch] [--out OUT]
    torchrun --nproc_per_node=8 train.py --faces ...
    torchrun --nnodes=2 --nproc_per_node=8 --rdzv_backend=c10d --rdzv_endpoint=HOST:29500 train.py --faces ...

The batch of config.json is that of all devices together. Rank 0 writes OUT/model.safetensors, metrics.csv, events.csv.
"""

import argparse
import hashlib
import json
import math
import os

import torch
import torch.distributed as dist
from torch import nn

from craft import Craft
from faces import augment, open_faces
from model import FaceNetwork, MarginHead, load_weights, save_weights

HERE = os.path.dirname(os.path.abspath(__file__))


class Trained(nn.Module):
    """Network and head as one module, so that DistributedDataParallel sees all parameters."""

    def __init__(self, network, head):
        super().__init__()
        self.network, self.head = network, head

    def forward(self, images, labels):
        return self.head(self.network(images), labels)


def learning_rate_at(step, config):
    """Of step 0, 1, 2, ...: up in a straight line, then half a cosine, a straight line to zero, constant, or drops."""
    peak, warmup, steps = config["learningRate"], config["warmupSteps"], config["steps"]
    if step < warmup:
        return peak * (step + 1) / warmup
    done = min(1, (step - warmup) / max(1, steps - warmup))
    if config["schedule"] == "cosine":
        return peak * (1 + math.cos(math.pi * done)) / 2
    if config["schedule"] == "polynomial":
        return peak * (1 - done)
    if config["schedule"] == "constant":
        return peak
    if config["schedule"] == "step":
        drops = [share for share in config["dropsAt"].split() if step >= float(share) / 100 * steps]
        return peak * config["dropFactor"] ** len(drops)
    raise ValueError(f"There is no schedule {config['schedule']!r}; there are cosine, polynomial, constant and step.")


def weight_decay_at(step, config):
    """Of step 0, 1, 2, ...: one value, or another from a share of the run on."""
    if config["weightDecaySchedule"] not in ("constant", "change"):
        raise ValueError(f"There is no decay schedule {config['weightDecaySchedule']!r}; there are constant and change.")
    later = config["weightDecaySchedule"] == "change" and step >= config["laterDecayFrom"] / 100 * config["steps"]
    return config["laterWeightDecay"] if later else config["weightDecay"]


def make_optimiser(network, head, config):
    """SGD; L2 on every parameter that is trained, as in InsightFace, or on all but those of batch norm."""
    norms = {p for m in network.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) for p in m.parameters()}
    left_out = set() if config["decayBatchNorm"] else norms
    trained = [p for p in [*network.parameters(), *head.parameters()] if p.requires_grad]
    groups = [{"params": [p for p in trained if (p in left_out) != decayed], "decayed": decayed} for decayed in (True, False)]
    return torch.optim.SGD([g for g in groups if g["params"]], lr=0, momentum=config["momentum"])


def train_step(model, network, optimiser, images, labels, step, config):
    """Step 0, 1, 2, ... of the run on [N, 3, S, S] in -1 to 1; the loss before it."""
    for group in optimiser.param_groups:
        group["lr"] = learning_rate_at(step, config)
        group["weight_decay"] = weight_decay_at(step, config) if group["decayed"] else 0
    optimiser.zero_grad()
    loss = model(images, labels)
    loss.backward()
    if config["clipNorm"] > 0:
        nn.utils.clip_grad_norm_(network.parameters(), config["clipNorm"])
    optimiser.step()
    return loss.detach()


class Batches:
    """Shuffled epochs without their last incomplete batch; the same order for the same seed, a share for each rank."""

    def __init__(self, faces, config, rank, ranks):
        self.faces, self.config, self.rank, self.ranks = faces, config, rank, ranks
        self.share = max(1, config["batchSize"] // ranks)
        self.whole = self.share * ranks
        self.per_epoch = max(1, len(faces) // self.whole)

    def indices(self, step):
        epoch, place = divmod(step, self.per_epoch)
        generator = torch.Generator().manual_seed(self.config["seed"] * 100_003 + epoch)
        order = torch.randperm(len(self.faces), generator=generator)
        first = place * self.whole + self.rank * self.share
        return order[torch.arange(first, first + self.share) % len(order)].tolist()

    def batch(self, step):
        """Images float [share, 3, S, S] and labels."""
        generator = torch.Generator().manual_seed((self.config["seed"] * 1_000_003 + step) * 1_009 + self.rank)
        images, labels = zip(*(self.faces[index] for index in self.indices(step)))
        return augment(torch.stack(images), self.config, generator), torch.tensor(labels)


class Ahead(torch.utils.data.Dataset):
    """The batches from a step on, for a DataLoader to make in other processes."""

    def __init__(self, batches, start, steps):
        self.batches, self.start, self.steps = batches, start, steps

    def __len__(self):
        return self.steps - self.start

    def __getitem__(self, index):
        return self.batches.batch(self.start + index)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--faces", required=True)
    arguments.add_argument("--steps", type=int, help="length of the run (default: config.json's)")
    arguments.add_argument("--from-scratch", action="store_true", help="first weights from the seed, from step 0")
    arguments.add_argument("--no-craft", action="store_true", help="the standard arm")
    arguments.add_argument("--out", default=os.path.join(HERE, "out"))
    arguments.add_argument("--workers", type=int, default=0, help="processes that read images, on each rank")
    arguments.add_argument("--save-every", type=int, default=1000)
    arguments.add_argument("--log-every", type=int, default=20)
    options = arguments.parse_args()

    ranks = int(os.environ.get("WORLD_SIZE", "1"))
    cuda = torch.cuda.is_available()
    if ranks > 1:
        dist.init_process_group("nccl" if cuda else "gloo")
    rank = dist.get_rank() if ranks > 1 else 0
    device = torch.device(f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if cuda else "cpu")
    if cuda:
        torch.cuda.set_device(device)

    with open(os.path.join(HERE, "config.json")) as file:
        about = json.load(file)
    config = dict(about["config"])
    if options.steps is not None:
        config["steps"] = options.steps
    if options.no_craft:
        config["craft"] = False
    start = 0 if options.from_scratch else about["step"]
    if start >= config["steps"]:
        raise SystemExit(f"The run is at step {start} of {config['steps']}. Ask for more with --steps, or --from-scratch.")

    faces = open_faces(options.faces, config["imageSize"])
    torch.manual_seed(config["seed"])
    network, head = FaceNetwork(config), MarginHead(config, faces.classes)
    if not options.from_scratch:
        load_weights(network, head, os.path.join(HERE, "model.safetensors"))
        if faces.classes != about["classes"] and rank == 0:
            print(f"{faces.classes} people instead of {about['classes']}: the head starts anew.", flush=True)
    network, head = network.to(device), head.to(device)
    model = Trained(network, head)
    if ranks > 1:
        # Takes over rank 0's weights; batch norm keeps each rank's own statistics, as InsightFace does.
        model = nn.parallel.DistributedDataParallel(model, device_ids=[device.index] if cuda else None)
    optimiser = make_optimiser(network, head, config)
    stem = network.stem
    craft = Craft(stem.conv, stem.bn, optimiser, config, config["steps"], config["seed"], network.first_consumers())

    os.makedirs(options.out, exist_ok=True)
    log = Log(options.out) if rank == 0 else None
    shares = Batches(faces, config, rank, ranks)
    if shares.whole != config["batchSize"] and rank == 0:
        print(f"The batch is {shares.whole}, not {config['batchSize']}: each of {ranks} devices takes {shares.share}.", flush=True)
    batches = Ahead(shares, start, config["steps"])
    loader = torch.utils.data.DataLoader(batches, batch_size=None, num_workers=options.workers, pin_memory=cuda)
    network.train()
    for step, (images, labels) in enumerate(loader, start):
        images, labels = images.to(device, non_blocking=True), labels.to(device, non_blocking=True)
        loss = train_step(model, network, optimiser, images, labels, step, config)
        done = step + 1
        event = craft.after_step(done)
        if event is not None:
            check_ranks(stem, event, ranks)
            if log:
                log.event(event)
        if log and (done % options.log_every == 0 or done == config["steps"] or step == start):
            log.metrics(done, loss.item(), learning_rate_at(step, config), craft.states())
        if log and (done % options.save_every == 0 or done == config["steps"]):
            metadata = {"format": "pt", "config": json.dumps(config), "step": done, "seed": config["seed"], "arm": about["arm"]}
            save_weights(network, head, os.path.join(options.out, "model.safetensors"), metadata)
    if ranks > 1:
        dist.barrier()
        dist.destroy_process_group()


def check_ranks(stem, event, ranks):
    """After a re-activation the first layer must be the same, bit for bit, on every rank."""
    if ranks == 1:
        return
    state = b"".join(t.detach().cpu().numpy().tobytes() for t in (stem.conv.weight, stem.bn.weight, stem.bn.bias))
    mine = (event["filters"], hashlib.sha256(state).hexdigest())
    all_ranks = [None] * ranks
    dist.all_gather_object(all_ranks, mine)
    if any(other != mine for other in all_ranks):
        raise RuntimeError(f"step {event['step']}: the ranks differ after a re-activation: {all_ranks}")
    event["ranks"] = all_ranks


class Log:
    def __init__(self, folder):
        self.metrics_file = open(os.path.join(folder, "metrics.csv"), "w")
        self.events_file = open(os.path.join(folder, "events.csv"), "w")
        self.metrics_file.write("step,loss,learning_rate,inactive,unused\n")
        self.events_file.write("step,strategy,filter,ranks\n")

    def metrics(self, step, loss, rate, states):
        inactive, unused = len(states["inactive"]), len(states["unused"])
        print(f"step {step}: loss {loss:.4f}, {inactive} filters inactive, {unused} unused", flush=True)
        self.metrics_file.write(f"{step},{loss!r},{rate!r},{inactive},{unused}\n")
        self.metrics_file.flush()

    def event(self, event):
        print(f"step {event['step']}: re-activated {event['filters']}", flush=True)
        for filter_index in event["filters"]:
            self.events_file.write(f"{event['step']},{event['strategy']},{filter_index},{len(event.get('ranks', [0]))}\n")
        self.events_file.flush()


if __name__ == "__main__":
    main()

"""Trains cells of a study: a condition with one seed at one point of the axes, in the order of study.json.

    python study.py --count                                     # how many cells there are
    torchrun --nproc_per_node=8 study.py --index N              # cell N, on eight devices
    python study.py --index N --out OUT                         # on one

Rank 0 writes OUT/runs/CELL/results.csv, first-layer.npz, scores.npz and model.safetensors. A cell that is done is not
trained again. `npm run study -- --merge OUT --out DIR` of CRAFT Playground joins results and judges them.
"""

import argparse
import csv
import io
import itertools
import json
import math
import os
import re
import shutil
import time

import numpy
import torch
import torch.distributed as dist
from torch import nn

from craft import Craft, contributions, judge, unused
from faces import ArrayFaces
from model import FaceNetwork, MarginHead, save_weights, whole_file
from train import Ahead, Batches, Trained, make_optimiser, train_step

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = "study condition axes seed step measure benchmark value pairs seconds engine adapter state reason".split()
HELD_OUT = "heldout"
FOLDS = 10
THRESHOLDS = numpy.arange(400) * 0.01
POINTS = 20


def cells_of(study):
    """All cells, seed by seed; at each point of the axes Standard before the conditions."""
    conditions = [{"name": "standard", "settings": {"craft": False}}, *study["conditions"]]
    points = itertools.product(*([(axis["setting"], value) for value in axis["values"]] for axis in study["axes"]))
    places = [dict(point) for point in points]
    cells = []
    for seed in study["seeds"]:
        for point in places:
            for condition in conditions:
                config = {**study["settings"], **point, **{name: seed for name in study["seedSettings"]}}
                config.update(condition["settings"])
                parts = [f"_{name}-{re.sub(r'[^A-Za-z0-9_.-]+', '-', text(value))}" for name, value in point.items()]
                cells.append(
                    {
                        "id": f"{seed}-{condition['name']}{''.join(parts)}",
                        "seed": seed,
                        "condition": condition["name"],
                        "axes": ";".join(f"{name}={text(value)}" for name, value in point.items()),
                        "config": config,
                    }
                )
    return cells


def text(value):
    """A setting's value as the playground writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, float):
        return str(value)
    # Python would write 0.00001 as 1e-05, and 0.0000001 as 1e-07.
    if 0 < abs(value) < 1e-6:
        return numpy.format_float_scientific(value, trim="-", exp_digits=1)
    return numpy.format_float_positional(value, trim="-")


def fold_accuracy(distances, same):
    """Ten contiguous folds, each at the threshold that is best on the other nine, as InsightFace's verification.py."""
    same = numpy.asarray(same, dtype=bool)
    folds = numpy.array_split(numpy.arange(len(same)), FOLDS)
    right = numpy.stack([((distances[fold, None] < THRESHOLDS) == same[fold, None]).sum(0) for fold in folds])
    best = [(right.sum(0) - own).argmax() for own in right]
    return float(numpy.mean([own[place] / len(fold) for own, place, fold in zip(right, best, folds)]))


@torch.no_grad()
def distances_of(network, arrays, device):
    """Squared distances of the pairs of an .npz: images uint8 [N, S, S, 3], left and right [P]; with the flip test."""
    was_training = network.training
    network.eval()
    rows = []
    for some in torch.from_numpy(arrays["images"]).split(256):
        images = some.to(device).permute(0, 3, 1, 2).float().div(127.5).sub(1)
        rows.append((network(images) + network(images.flip(3))).double().cpu())
    network.train(was_training)
    embeddings = nn.functional.normalize(torch.cat(rows)).numpy()
    return ((embeddings[arrays["left"]] - embeddings[arrays["right"]]) ** 2).sum(1)


class Cell:
    """One run and its rows."""

    def __init__(self, study, cell, out, ranks=1):
        self.study, self.cell, self.config, self.ranks = study, cell, cell["config"], ranks
        self.folder = os.path.join(out, "runs", cell["id"])
        self.rows, self.began = [], time.time()
        self.tests = {name: numpy.load(os.path.join(HERE, file)) for name, file in study["files"].items()}

    def done(self):
        path = os.path.join(self.folder, "results.csv")
        if not os.path.exists(path):
            return False
        with open(path, newline="") as file:
            return any(row["measure"] == "run" and row["state"] == "done" for row in csv.DictReader(file))

    def measure(self, step, name, value, benchmark="", pairs=0):
        self.rows.append({"step": step, "measure": name, "benchmark": benchmark, "value": value, "pairs": pairs})

    def verify(self, step, network, device, last):
        """Held-out pairs; at the end every evaluation, whose distances are returned."""
        found = {}
        for name, arrays in self.tests.items():
            if last or name == HELD_OUT:
                found[name] = distances_of(network, arrays, device)
                self.measure(step, "accuracy", fold_accuracy(found[name], arrays["same"]), name, len(arrays["same"]))
        return found

    def read_layer(self, step, network, loss):
        """Shares of first-layer filters; which are inactive and unused is returned."""
        conv, bn = network.stem.conv, network.stem.bn
        filters = conv.weight.detach().double().cpu().flatten(1)
        gamma, variance = bn.weight.detach().double().cpu(), bn.running_var.double().cpu()
        fold = gamma.abs() / (variance + bn.eps).sqrt()
        inactive, _, _ = judge(filters, fold, self.config)
        relative, _, _ = judge(filters, fold, {**self.config, "criterion": "relativeNorm"})
        readers = [(layer.weight.detach(), layer.groups) for layer in network.first_consumers()]
        idle = unused(contributions(gamma, readers))
        self.measure(step, "inactive_share", inactive.double().mean().item())
        self.measure(step, "relative_inactive_share", relative.double().mean().item())
        self.measure(step, "unused_share", idle.double().mean().item())
        if step > 0:
            self.measure(step, "loss", loss)
        return inactive, idle

    def write(self, state, step, device, reason=""):
        """results.csv, whole; the row `run` says that the cell has ended."""
        cuda = device.type == "cuda"
        cell = {"study": self.study["name"], "state": state, "reason": reason}
        cell.update(condition=self.cell["condition"], axes=self.cell["axes"], seed=self.cell["seed"])
        cell.update(seconds=round(time.time() - self.began, 1), engine="torch")
        # Each device normalises by its own share of the batch: runs on other numbers of them differ.
        devices = f" × {self.ranks}" if self.ranks > 1 else ""
        cell["adapter"] = (torch.cuda.get_device_name(device) if cuda else "CPU") + devices
        ended = {"step": step, "measure": "run", "benchmark": "", "value": step if state == "done" else "", "pairs": 0}
        os.makedirs(self.folder, exist_ok=True)
        lines = io.StringIO()
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        # The end comes last: a file that is cut short holds no finished run.
        for row in [*(self.rows if state == "done" else []), ended]:
            writer.writerow({name: safe(value) for name, value in {**cell, **row}.items()})
        with whole_file(os.path.join(self.folder, "results.csv")) as file:
            file.write(lines.getvalue().encode())


def safe(value):
    """A spreadsheet takes a text that begins so for a formula."""
    return f"'{value}" if isinstance(value, str) and re.match(r"[=+\-@\t\r]", value) else value


def refuse_uneven(batch, ranks):
    """A smaller batch would be another recipe than the plan's, under its name."""
    if batch % ranks != 0:
        raise SystemExit(f"The plan's batch of {batch} cannot be shared evenly by {ranks} devices; train on a number that divides it.")


def train_cell(cell, device, rank, ranks):
    """Trains one cell on all ranks; rank 0 measures and writes."""
    config, leads = cell.config, rank == 0
    refuse_uneven(config["batchSize"], ranks)
    steps, faces = config["steps"], ArrayFaces(os.path.join(HERE, "faces.npz"), config["imageSize"])
    torch.manual_seed(config["seed"])
    network, head = FaceNetwork(config).to(device), MarginHead(config, faces.classes).to(device)
    model = Trained(network, head)
    if ranks > 1:
        model = nn.parallel.DistributedDataParallel(model, device_ids=[device.index] if device.type == "cuda" else None)
    optimiser = make_optimiser(network, head, config)
    stem = network.stem
    craft = Craft(stem.conv, stem.bn, optimiser, config, steps, config["seed"], network.first_consumers())
    batches = torch.utils.data.DataLoader(Ahead(Batches(faces, config, rank, ranks), 0, steps), batch_size=None)
    every, times, distances = max(1, round(steps / POINTS)), numpy.zeros(config["filters"], numpy.int32), {}
    network.train()
    if leads:
        cell.read_layer(0, network, math.nan)
    for step, (images, labels) in enumerate(batches, 1):
        loss = train_step(model, network, optimiser, images.to(device), labels.to(device), step - 1, config).item()
        # Every rank has to know, or the others would wait for it.
        finite = torch.tensor(float(math.isfinite(loss)), device=device)
        if ranks > 1:
            dist.all_reduce(finite, dist.ReduceOp.MIN)
        if finite.item() == 0:
            if leads:
                cell.write("failed", step, device, f"The loss is no longer a number at step {step}.")
            return
        # Before the check: the filters that had died since the last one.
        if leads and (step % every == 0 or step == steps):
            inactive, idle = cell.read_layer(step, network, loss)
        event = craft.after_step(step)
        if event is not None:
            times[event["filters"]] += 1
        if leads and (step == steps or (config["verifyEvery"] > 0 and step % config["verifyEvery"] == 0)):
            distances = cell.verify(step, network, device, step == steps)
    if not leads:
        return
    if config["craft"]:
        cell.measure(steps, "reactivations", int(times.sum()))
    os.makedirs(cell.folder, exist_ok=True)
    kernel = stem.conv.weight.detach().float().cpu().permute(2, 3, 1, 0).contiguous().numpy()
    flags = {"inactive": inactive.numpy().astype(numpy.uint8), "unused": idle.numpy().astype(numpy.uint8)}
    with whole_file(os.path.join(cell.folder, "first-layer.npz")) as file:
        numpy.savez(file, kernel=kernel, reactivations=times, **flags)
    scores = {}
    for name, found in distances.items():
        key = re.sub(r"[^A-Za-z0-9_.-]+", "-", name)
        scores[f"{key}.distances"] = found
        scores.update(
            {
                f"{key}.{part}": cell.tests[name][f"people_{part}"]
                for part in ("left", "right")
                if f"people_{part}" in cell.tests[name]
            }
        )
        scores[f"{key}.same"] = cell.tests[name]["same"].astype(numpy.uint8)
    with whole_file(os.path.join(cell.folder, "scores.npz")) as file:
        numpy.savez(file, **scores)
    about = {"format": "pt", "config": json.dumps(config), "step": steps, "seed": config["seed"], "arm": cell.cell["condition"]}
    save_weights(network, head, os.path.join(cell.folder, "model.safetensors"), about)
    cell.write("done", steps, device)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--index", type=int, help="number of the cell, from 0")
    arguments.add_argument("--count", action="store_true", help="print how many cells there are")
    arguments.add_argument("--out", default=os.path.join(HERE, "out"))
    options = arguments.parse_args()
    with open(os.path.join(HERE, "study.json")) as file:
        study = json.load(file)
    with open(os.path.join(HERE, "files.json")) as file:
        study["files"] = json.load(file)
    cells = cells_of(study)
    if options.count:
        print(len(cells))
        return
    if options.index is None or not 0 <= options.index < len(cells):
        raise SystemExit(f"--index takes a number from 0 to {len(cells) - 1}, not {options.index}.")

    ranks = int(os.environ.get("WORLD_SIZE", "1"))
    cuda = torch.cuda.is_available()
    if ranks > 1:
        dist.init_process_group("nccl" if cuda else "gloo")
    rank = dist.get_rank() if ranks > 1 else 0
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    cell = Cell(study, cells[options.index], options.out, ranks)
    done = torch.tensor(float(cell.done()), device=device)
    if ranks > 1:
        dist.broadcast(done, 0)
    if done.item() == 0:
        if rank == 0:
            os.makedirs(options.out, exist_ok=True)
            with open(os.path.join(HERE, "study.json"), "rb") as plan, whole_file(
                os.path.join(options.out, "study.json")
            ) as file:
                shutil.copyfileobj(plan, file)
        train_cell(cell, device, rank, ranks)
    if rank == 0:
        print(f"{cells[options.index]['id']}: {'was done before' if done.item() else 'ended'}", flush=True)
    if ranks > 1:
        dist.barrier()
        dist.destroy_process_group()


if __name__ == "__main__":
    main()

"""The reference of pytorch.test.ts: parity.py FOLDER, where FOLDER/<case>/ are unpacked PyTorch bundles.

Writes FOLDER/results.json: for each case the embeddings of images.bin, then the losses of three steps on them; and the
output of craft.py for the filter banks in FOLDER/banks.json, and of faces.py for FOLDER.faces/{people/,train.rec,faces.npz}.
"""

import json
import os
import sys

import numpy
import torch

folder = sys.argv[1]
cases = sorted(name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name)))
sys.path.insert(0, os.path.join(folder, cases[0]))

from craft import CRITERIA, DEFAULTS, STRATEGIES, is_check, judge, reactivate, strong_set  # noqa: E402
from faces import augment, open_faces  # noqa: E402
from model import load  # noqa: E402
from train import Trained, learning_rate_at, make_optimiser, train_step  # noqa: E402

results = {}
for case in cases:
    path = os.path.join(folder, case)
    network, head, about = load(path)
    config = about["config"]
    size = config["imageSize"]
    flat = numpy.fromfile(os.path.join(path, "images.bin"), dtype=numpy.float32)
    images = torch.from_numpy(flat.reshape(-1, size, size, 3)).permute(0, 3, 1, 2).contiguous()
    labels = torch.arange(len(images)) * 3 % about["classes"]
    with torch.no_grad():
        embeddings = network.eval()(images).flatten().tolist()
    network.train()
    optimiser = make_optimiser(network, head, config)
    model = Trained(network, head)
    rates = [learning_rate_at(step, config) for step in range(3)]
    losses = [train_step(model, network, optimiser, images, labels, step, config).item() for step in range(3)]
    results[case] = {"embeddings": embeddings, "rates": rates, "losses": losses}

banks = []
with open(os.path.join(folder, "banks.json")) as file:
    for bank in json.load(file):
        settings = bank["settings"]
        filters = torch.tensor(bank["filters"], dtype=torch.float64)
        gamma, variance = (torch.tensor(bank[name], dtype=torch.float64) for name in ("gamma", "variance"))
        fold = gamma.abs() / (variance + 1e-5).sqrt()
        flags, _, threshold = judge(filters, fold, settings)
        active = (~flags).nonzero().flatten().tolist()
        generator = torch.Generator().manual_seed(1)
        found = reactivate(filters, settings, generator, (gamma, variance, 1e-5))
        left = judge(
            found["kernel"],
            torch.ones(len(filters)),
            {**settings, "criterion": settings["criterion"].replace("foldedMax", "max").replace("foldedRel", "rel")},
        )
        banks.append(
            {
                "inactive": flags.nonzero().flatten().tolist(),
                "threshold": float(threshold),
                "strong": strong_set(filters.norm(dim=1), active, settings["strongShare"]),
                "filters": found["filters"],
                "donors": found["donors"],
                "left": int(left[0].sum()),
                "norms": found["kernel"].norm(dim=1).tolist(),
                "checks": [step for step in range(1, 200) if is_check(step, 173, settings)],
            }
        )
faces = {}
for name in ("people", "train.rec", "faces.npz"):
    found = open_faces(os.path.join(f"{folder}.faces", name), 4)
    images, labels = zip(*(found[index] for index in range(len(found))))
    plain = augment(torch.stack(images), {"flip": False, "shift": 0}, torch.Generator())
    faces[name] = {"classes": found.classes, "labels": list(labels), "pixels": plain.flatten().tolist()}
with open(os.path.join(folder, "results.json"), "w") as file:
    choices = {"defaults": DEFAULTS, "criteria": CRITERIA, "strategies": STRATEGIES}
    json.dump({"networks": results, "banks": banks, "faces": faces, "choices": choices}, file)

"""The network of src/network in PyTorch, trained for a few steps; pytorch-parity.test.ts compares with it.

reference.py FOLDER: reads FOLDER/cases.json and FOLDER/values.bin (float32, where each case's tensors lie by offset),
writes FOLDER/results.json.
"""

import json
import sys

import numpy
import torch
import torch.nn.functional as F

EPSILON = 1e-5


def main(folder):
    values = numpy.fromfile(f"{folder}/values.bin", dtype=numpy.float32)
    with open(f"{folder}/cases.json") as file:
        cases = json.load(file)
    results = [run(case, values) for case in cases]
    with open(f"{folder}/results.json", "w") as file:
        json.dump(results, file)


def run(case, values):
    tensors = {name: read(values, entry) for name, entry in case["tensors"].items()}
    trained = [tensors[name].requires_grad_() for name in case["trained"]]
    backbone = [tensors[name] for name in case["trained"] if name != "head.weight"]
    images = read(values, case["images"])
    labels = torch.tensor(case["labels"])
    recipe = case["recipe"]
    optimiser = torch.optim.SGD(trained, lr=0, momentum=recipe["momentum"], weight_decay=recipe["weightDecay"])
    losses = []
    for learning_rate in case["learningRates"]:
        optimiser.param_groups[0]["lr"] = learning_rate
        optimiser.zero_grad()
        loss = margin_loss(embed(case["architecture"], tensors, images, True), tensors["head.weight"], labels, recipe["head"])
        loss.backward()
        if recipe["clipNorm"] > 0:
            torch.nn.utils.clip_grad_norm_(backbone, recipe["clipNorm"])
        optimiser.step()
        losses.append(loss.item())
    with torch.no_grad():
        embeddings = embed(case["architecture"], tensors, images, False)
    return {
        "losses": losses,
        "embeddings": embeddings.flatten().tolist(),
        "tensors": {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()},
    }


def read(values, entry):
    size = int(numpy.prod(entry["shape"]))
    return torch.tensor(values[entry["offset"] : entry["offset"] + size].reshape(entry["shape"]))


def embed(architecture, tensors, images, training):
    def norm(x, name):
        parts = [tensors[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return F.batch_norm(x, *parts, training=training, momentum=0.1, eps=EPSILON)

    def conv(x, name, stride):
        kernel = tensors[f"{name}.weight"].permute(3, 2, 0, 1)
        return F.conv2d(x, kernel, stride=stride, padding=(kernel.shape[2] - 1) // 2)

    def prelu(x, name):
        return F.prelu(x, tensors[f"{name}.prelu.weight"])

    def block(x, spec):
        name, stride = spec["name"], spec["stride"]
        if spec["kind"] == "plain":
            return prelu(norm(conv(x, f"{name}.conv", stride), f"{name}.bn"), name)
        y = conv(norm(x, f"{name}.bn1"), f"{name}.conv1", 1)
        y = norm(conv(prelu(norm(y, f"{name}.bn2"), name), f"{name}.conv2", stride), f"{name}.bn3")
        if spec["projected"]:
            x = norm(conv(x, f"{name}.downsample.0", stride), f"{name}.downsample.1")
        return x + y

    x = images.permute(0, 3, 1, 2)
    for spec in [architecture["stem"], *architecture["body"]]:
        x = block(x, spec)
    if architecture["tail"]:
        x = norm(x, "tail.bn")
    # The network flattens channels last.
    x = F.linear(x.permute(0, 2, 3, 1).flatten(1), tensors["embedding.weight"])
    return norm(x, "embedding.bn")


def margin_loss(embeddings, centres, labels, head):
    """ArcFace and CosFace of insightface/recognition/arcface_torch/losses.py, and ArcFace with a literal gradient."""
    logits = F.linear(F.normalize(embeddings), F.normalize(centres)).clamp(-1, 1)
    rows = torch.arange(labels.shape[0])
    target = logits[rows, labels]
    if head["kind"] == "arcface" and head["gradient"] == "insightface":
        with torch.no_grad():
            shift = torch.cos(torch.arccos(target) + head["margin"]) - target
        changed = target + shift
    elif head["kind"] == "arcface":
        changed = torch.cos(torch.arccos(target) + head["margin"])
    elif head["kind"] == "cosface":
        changed = target - head["margin"]
    else:
        changed = target
    logits = logits.index_put((rows, labels), changed)
    return F.cross_entropy(logits * head["scale"], labels)


if __name__ == "__main__":
    main(sys.argv[1])

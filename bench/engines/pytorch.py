"""The workload's network in PyTorch, for bench.ts: a request in JSON a line on stdin, an answer a line on stdout.

pytorch.py cpu|cuda THREADS
"""

import json
import re
import sys
import time

import numpy
import torch
import torch.nn.functional as F

DEVICE, THREADS = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(THREADS)


class Network:
    def __init__(self, path):
        with open(f"{path}.json") as file:
            self.workload = json.load(file)
        self.numbers = numpy.fromfile(f"{path}.bin", dtype=numpy.float32)
        self.architecture, self.recipe = self.workload["architecture"], self.workload["recipe"]
        self.tensors = {name: self.load(name, placed) for name, placed in self.workload["tensors"].items()}
        trained = [self.tensors[name].requires_grad_() for name in self.workload["trained"]]
        self.backbone = [self.tensors[name] for name in self.workload["trained"] if name != "head.weight"]
        self.images = self.read(self.workload["images"]).permute(0, 3, 1, 2).contiguous().to(DEVICE)
        self.labels = torch.tensor(self.workload["labels"], device=DEVICE)
        self.optimiser = torch.optim.SGD(
            trained,
            lr=self.workload["learningRate"],
            momentum=self.recipe["momentum"],
            weight_decay=self.recipe["weightDecay"],
        )

    def read(self, placed):
        size = int(numpy.prod(placed["shape"]))
        return torch.tensor(self.numbers[placed["offset"] : placed["offset"] + size].reshape(placed["shape"]))

    def load(self, name, placed):
        tensor = self.read(placed)
        if tensor.dim() == 4:
            tensor = tensor.permute(3, 2, 0, 1)
        if name == "embedding.weight":
            # The workload flattens channels last, PyTorch channels first.
            channels = self.architecture["body"][-1]["outputs"]
            side = round((self.architecture["features"] / channels) ** 0.5)
            tensor = tensor.reshape(-1, side, side, channels).permute(0, 3, 1, 2).flatten(1)
        return tensor.contiguous().to(DEVICE)

    def norm(self, x, name):
        parts = [self.tensors[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return F.batch_norm(x, *parts, training=True, momentum=0.1, eps=self.architecture["epsilon"])

    def conv(self, x, name, stride):
        kernel = self.tensors[f"{name}.weight"]
        return F.conv2d(x, kernel, stride=stride, padding=(kernel.shape[2] - 1) // 2)

    def prelu(self, x, name):
        return F.prelu(x, self.tensors[f"{name}.prelu.weight"])

    def block(self, x, spec):
        name, stride = spec["name"], spec["stride"]
        if spec["kind"] == "plain":
            return self.prelu(self.norm(self.conv(x, f"{name}.conv", stride), f"{name}.bn"), name)
        y = self.conv(self.norm(x, f"{name}.bn1"), f"{name}.conv1", 1)
        y = self.conv(self.prelu(self.norm(y, f"{name}.bn2"), name), f"{name}.conv2", stride)
        if spec["projected"]:
            x = self.norm(self.conv(x, f"{name}.downsample.0", stride), f"{name}.downsample.1")
        return self.norm(y, f"{name}.bn3") + x

    def loss(self):
        x = self.images
        for spec in [self.architecture["stem"], *self.architecture["body"]]:
            x = self.block(x, spec)
        if self.architecture["tail"]:
            x = self.norm(x, "tail.bn")
        x = self.norm(F.linear(x.flatten(1), self.tensors["embedding.weight"]), "embedding.bn")
        head = self.recipe["head"]
        cosines = F.linear(F.normalize(x), F.normalize(self.tensors["head.weight"])).clamp(-1, 1)
        targets = F.one_hot(self.labels, cosines.shape[1])
        if head["kind"] == "cosface":
            cosines = cosines - head["margin"] * targets
        elif head["kind"] == "arcface":
            shift = torch.cos(torch.arccos(cosines) + head["margin"]) - cosines
            cosines = cosines + targets * (shift if head["gradient"] == "literal" else shift.detach())
        return F.cross_entropy(cosines * head["scale"], self.labels)

    def step(self):
        self.optimiser.zero_grad()
        loss = self.loss()
        loss.backward()
        if self.recipe["clipNorm"] > 0:
            torch.nn.utils.clip_grad_norm_(self.backbone, self.recipe["clipNorm"])
        self.optimiser.step()
        # Waits for the device.
        return loss.item()


def synchronise():
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def per_second(work, repeat):
    """Times repetitions of a work long enough to be timed."""
    work()
    synchronise()
    start = time.perf_counter()
    for _ in range(repeat):
        work()
    synchronise()
    return repeat / (time.perf_counter() - start)


def ceiling():
    size, million = (4096, 64) if DEVICE == "cuda" else (768, 16)
    a, b = torch.rand(size, size, device=DEVICE), torch.rand(size, size, device=DEVICE)
    source = torch.rand(million * 2**20, device=DEVICE)
    target = torch.empty_like(source)
    return {
        "gflops": 2 * size**3 / 1e9 * per_second(lambda: torch.matmul(a, b), 8),
        "copyGBs": 2 * 4 * source.numel() / 1e9 * per_second(lambda: target.copy_(source), 4),
    }


def adapter():
    name = torch.cuda.get_device_name() if DEVICE == "cuda" else f"{THREADS} thread{'s' * (THREADS > 1)}"
    blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return f"{name}, PyTorch {torch.__version__}, BLAS {blas.group(1) if blas else 'unknown'}"


def main():
    network = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "open":
            if DEVICE == "cuda" and not torch.cuda.is_available():
                answer = {"type": "failed", "reason": "PyTorch has no CUDA device"}
            else:
                network = Network(request["workload"]) if request["engine"] != "ceiling" else None
                answer = {"type": "opened", "adapter": adapter(), "how": "torch.matmul in float32; copy_ of a tensor"}
        elif request["type"] == "ceiling":
            answer = {"type": "ceiling", **ceiling()}
        else:
            times, losses = [], []
            for _ in range(request["count"]):
                start = time.perf_counter()
                losses.append(network.step())
                times.append(1000 * (time.perf_counter() - start))
            answer = {"type": "stepped", "ms": times, "losses": losses}
        print(json.dumps(answer), flush=True)


main()

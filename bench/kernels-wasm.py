"""One training step of the networks of kernels-wasm.ts in PyTorch on one CPU thread, a step for each line on stdin."""

import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)


class Residual(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.prelu = nn.PReLU(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 2, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.down = nn.Sequential(nn.Conv2d(inputs, outputs, 1, 2, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.conv2(self.prelu(self.bn2(self.conv1(self.bn1(x)))))
        return self.bn3(y) + self.down(x)


def plain(inputs, outputs, stride):
    return [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.PReLU(outputs)]


def network(name, filters, width, embedding):
    if name == "plain":
        layers = plain(3, filters, 1)
        for inputs, outputs in [(filters, width), (width, width * 3 // 2), (width * 3 // 2, width * 2)]:
            layers += plain(inputs, outputs, 2)
        features = 4 * 4 * width * 2
    else:
        layers = plain(3, filters, 1)
        for inputs, outputs in [(filters, width), (width, 2 * width), (2 * width, 4 * width), (4 * width, 8 * width)]:
            layers += [Residual(inputs, outputs)]
        layers += [nn.BatchNorm2d(8 * width)]
        features = 2 * 2 * width * 8
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(features, embedding, bias=False), nn.BatchNorm1d(embedding))


name, filters, width, embedding, classes, batch = sys.argv[1], *map(int, sys.argv[2:])
model = network(name, filters, width, embedding)
centres = nn.Parameter(torch.randn(classes, embedding) * 0.01)
optimiser = torch.optim.SGD([*model.parameters(), centres], lr=0.05, momentum=0.9, weight_decay=5e-3)
images = torch.rand(batch, 3, 32, 32) * 2 - 1
labels = torch.arange(batch) % classes


def step():
    optimiser.zero_grad()
    cosine = F.linear(F.normalize(model(images)), F.normalize(centres))
    loss = F.cross_entropy(32 * (cosine - 0.3 * F.one_hot(labels, classes)), labels)
    loss.backward()
    optimiser.step()
    return loss.item()


for _ in sys.stdin:
    start, before = time.perf_counter(), time.process_time()
    step()
    print(1000 * (time.perf_counter() - start), 1000 * (time.process_time() - before), flush=True)

"""PyTorch networks whose first layer is easily taken for another one; torch_weights.py writes them.

A transposed convolution keeps its kernel as [in, out, height, width]; a spatial transformer has convolutions of its own
ahead of the network's.
"""

import warnings

import torch
from torch import nn
from torch.nn import functional as F

DEAD = [1, 4]
SIZE = 24


class Up(nn.Module):
    """Begins with a transposed convolution; with `bias` or `norm` a file shows its axes."""

    def __init__(self, bias, norm, filters=6):
        super().__init__()
        self.up = nn.ConvTranspose2d(3, filters, 4, 2, 1, bias=bias)
        self.norm = nn.BatchNorm2d(filters) if norm else nn.Identity()
        self.conv = nn.Conv2d(filters, 8, 3)

    def forward(self, x):
        return self.conv(torch.relu(self.norm(self.up(x)))).mean((2, 3))


class Transformer(nn.Module):
    """A spatial transformer in front of a network, as PyTorch's tutorial builds it."""

    def __init__(self, name="localization"):
        super().__init__()
        layers = nn.Sequential(nn.Conv2d(3, 8, 7), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(8, 4, 5))
        self.add_module(name, layers)
        self.name = name
        self.fc_loc = nn.Linear(4 * 5 * 5, 6)
        self.conv1 = nn.Conv2d(3, 6, 3)
        self.bn1 = nn.BatchNorm2d(6)
        with torch.no_grad():
            self.conv1.weight[DEAD] = 0

    def forward(self, x):
        theta = self.fc_loc(getattr(self, self.name)(x).flatten(1)).view(-1, 2, 3)
        grid = F.affine_grid(theta, x.size(), align_corners=False)
        return self.bn1(self.conv1(F.grid_sample(x, grid, align_corners=False))).mean((2, 3))


class AdaptedConv(nn.Module):
    """loralib 0.1.2's ConvLoRA: the frozen layer, and two factors of the change."""

    def __init__(self, channels, filters, kernel, rank=2):
        super().__init__()
        self.conv = nn.Conv2d(channels, filters, kernel)
        self.lora_A = nn.Parameter(torch.randn(rank * kernel, channels * kernel))
        self.lora_B = nn.Parameter(torch.randn(filters * kernel, rank * kernel))

    def forward(self, x):
        change = (self.lora_B @ self.lora_A).view(self.conv.weight.shape)
        return F.conv2d(x, self.conv.weight + change, self.conv.bias)


class Adapted(nn.Module):
    """A network whose first layer is adapted."""

    def __init__(self):
        super().__init__()
        self.conv1 = AdaptedConv(3, 6, 3)
        self.conv2 = nn.Conv2d(6, 8, 3)

    def forward(self, x):
        return self.conv2(self.conv1(x)).mean((2, 3))


def save_entrances(folder, expected, expect):
    """Every network in every form; `expected[file]["refused"]` has words of the refusal."""
    known = "it is a transposed convolution"
    turned = "may be a transposed convolution"
    nets = {
        "up": (Up(True, False), "its bias has 6 numbers for 3 filters, as of a transposed"),
        "up-norm": (Up(False, True), "the batch norm behind it has 6 numbers for 3 filters"),
        "up-bare": (Up(False, False), turned),
        "up-square": (Up(True, False, 3), turned),
    }
    image = torch.zeros(1, 3, SIZE, SIZE)
    for name, (net, words) in nets.items():
        net.eval()
        torch.save(net.state_dict(), folder / f"{name}-state.pt")
        expected[f"{name}-state.pt"] = {"refused": words}
        torch.save(net, folder / f"{name}-module.pt")
        traced = torch.jit.trace(net, image)
        scripted = torch.jit.script(net)
        programs = {"traced": traced, "scripted": scripted}
        for kind, program in list(programs.items()):
            programs[f"frozen-{kind}"] = torch.jit.freeze(program)
        for kind, program in programs.items():
            torch.jit.save(program, folder / f"{name}-{kind}.pt")
        for kind in ("module", *programs):
            expected[f"{name}-{kind}.pt"] = {"refused": known}
    exported = torch.export.export(Up(False, False, 3).eval(), (image,))
    for kind, program in {"export": exported, "core": exported.run_decompositions()}.items():
        torch.export.save(program, folder / f"up-{kind}.pt2")
        expected[f"up-{kind}.pt2"] = {"refused": known}
    for kind, value in {"state": Adapted().state_dict(), "module": Adapted()}.items():
        torch.save(value, folder / f"adapted-{kind}.pt")
        words = 'conv1.conv.weight", cannot be read: its numbers are computed from lora_A, lora_B'
        expected[f"adapted-{kind}.pt"] = {"refused": words}

    net = Transformer().eval()
    kinds = {"state": net.state_dict(), "module": net}
    for kind, value in kinds.items():
        torch.save(value, folder / f"transformer-{kind}.pt")
        expect(f"transformer-{kind}.pt", "conv1.weight", net.conv1.weight, "bn1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(net, image)
    torch.jit.save(traced, folder / "transformer-traced.pt")
    expect("transformer-traced.pt", "conv1.weight", net.conv1.weight, "bn1")
    torch.jit.save(torch.jit.freeze(traced), folder / "transformer-frozen.pt")
    expected["transformer-frozen.pt"] = {"refused": "2 convolutions look as if they took an image"}
    # Names that say nothing: the program does.
    net = Transformer("eyes").eval()
    torch.export.save(torch.export.export(net, (image,)), folder / "transformer.pt2")
    expect("transformer.pt2", "conv1.weight", net.conv1.weight, "bn1")
    # Nor does a state dict, but for the six numbers that every transformer begins with.
    with torch.no_grad():
        net.fc_loc.bias.copy_(torch.tensor([1, 0.1, 0, 0, 0.9, -0.2]))
    torch.save(net.state_dict(), folder / "transformer-unnamed.pt")
    expect("transformer-unnamed.pt", "conv1.weight", net.conv1.weight, "bn1")

"""The face network that was trained in CRAFT Playground, in PyTorch.

    network, head, about = load(".")          # this folder: config.json and model.safetensors
    embeddings = network.eval()(images)       # [N, 3, S, S] in -1 to 1, RGB: (value / 255 - 0.5) / 0.5

Names of parameters are those of model.safetensors. Needs nothing but torch.
"""

import contextlib
import json
import math
import os
import struct
import tempfile

import torch
import torch.nn.functional as F
from torch import nn

EPSILON = 1e-5
STAGES = {"iresnet10": [1, 1, 1, 1], "iresnet18": [2, 2, 2, 2], "iresnet34": [3, 4, 6, 3]}
HEADS = ("arcface", "cosface", "softmax")
DTYPES = {"F32": torch.float32, "F16": torch.float16, "F64": torch.float64, "I64": torch.int64}


class PlainBlock(nn.Module):
    """Convolution without bias, batch norm, PReLU."""

    def __init__(self, inputs, outputs, size, stride):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, size, stride, (size - 1) // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=EPSILON)
        self.prelu = nn.PReLU(outputs)

    def forward(self, x):
        return self.prelu(self.bn(self.conv(x)))


class ResidualBlock(nn.Module):
    """InsightFace's IBasicBlock."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs, eps=EPSILON)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs, eps=EPSILON)
        self.prelu = nn.PReLU(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs, eps=EPSILON)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs, eps=EPSILON)
            )

    def forward(self, x):
        y = self.bn3(self.conv2(self.prelu(self.bn2(self.conv1(self.bn1(x))))))
        return y + (x if self.downsample is None else self.downsample(x))


class Tail(nn.Module):
    """Batch norm after a residual body; nothing after a plain one, which ends with its own."""

    def __init__(self, channels):
        super().__init__()
        self.bn = nn.BatchNorm2d(channels, eps=EPSILON)

    def forward(self, x):
        return self.bn(x)


class Embedding(nn.Module):
    """Dropout, dense layer without bias, then batch norm whose scale is frozen at 1."""

    def __init__(self, features, size, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.weight = nn.Parameter(torch.empty(size, features))
        self.bn = nn.BatchNorm1d(size, eps=EPSILON)
        self.bn.weight.requires_grad_(False)

    def forward(self, x):
        return self.bn(F.linear(self.dropout(x).flatten(1), self.weight))


class FaceNetwork(nn.Module):
    """Images [N, 3, S, S] in -1 to 1 to embeddings [N, D], not normalised."""

    def __init__(self, config):
        super().__init__()
        filters, width, size = config["filters"], config["width"], config["imageSize"]
        if config["body"] != "plain" and config["body"] not in STAGES:
            raise ValueError(f"There is no body {config['body']!r}; there are plain, {', '.join(STAGES)}.")
        self.stem = PlainBlock(3, filters, int(config["kernelSize"]), 1)
        blocks, channels = [], filters
        if config["body"] == "plain":
            for outputs in (width, width * 3 // 2, width * 2):
                blocks.append(PlainBlock(channels, outputs, 3, 2))
                channels, size = outputs, math.ceil(size / 2)
        else:
            for stage, count in enumerate(STAGES[config["body"]]):
                for index in range(count):
                    blocks.append(ResidualBlock(channels, width * 2**stage, 2 if index == 0 else 1))
                    channels = width * 2**stage
                size = math.ceil(size / 2)
        self.body = nn.Sequential(*blocks)
        self.tail = None if config["body"] == "plain" else Tail(channels)
        self.embedding = Embedding(channels * size * size, config["embeddingSize"], config["dropout"])
        self.reset_parameters()

    def reset_parameters(self):
        """First weights as in the playground: convolutions N(0, 0.1), the dense layer PyTorch's default."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, 0, 0.1)
        bound = 1 / math.sqrt(self.embedding.weight.shape[1])
        nn.init.uniform_(self.embedding.weight, -bound, bound)

    def first_consumers(self):
        """The convolutions that read the first layer's channels."""
        first = self.body[0]
        return [first.conv] if isinstance(first, PlainBlock) else [first.conv1, first.downsample[0]]

    def forward(self, images):
        x = self.body(self.stem(images))
        return self.embedding(x if self.tail is None else self.tail(x))


class MarginHead(nn.Module):
    """ArcFace, CosFace (insightface/recognition/arcface_torch/losses.py) or plain softmax over normalised centres."""

    def __init__(self, config, classes):
        super().__init__()
        if config["head"] not in HEADS:
            raise ValueError(f"There is no head {config['head']!r}; there are {', '.join(HEADS)}.")
        self.kind, self.gradient = config["head"], config["arcfaceGradient"]
        self.scale, self.margin = config["scale"], config["margin"]
        self.weight = nn.Parameter(torch.empty(classes, config["embeddingSize"]))
        nn.init.normal_(self.weight, 0, 0.01)

    def forward(self, embeddings, labels):
        """Mean loss over the batch."""
        logits = F.linear(F.normalize(embeddings), F.normalize(self.weight)).clamp(-1, 1)
        rows = torch.arange(labels.shape[0], device=labels.device)
        target = logits[rows, labels]
        if self.kind == "arcface" and self.gradient == "insightface":
            with torch.no_grad():
                shift = torch.cos(torch.arccos(target) + self.margin) - target
            target = target + shift
        elif self.kind == "arcface":
            target = torch.cos(torch.arccos(target) + self.margin)
        elif self.kind == "cosface":
            target = target - self.margin
        logits = logits.index_put((rows, labels), target)
        return F.cross_entropy(logits * self.scale, labels)


def load(folder):
    """Network and head of a bundle's folder with its weights, and the settings of config.json."""
    with open(os.path.join(folder, "config.json")) as file:
        about = json.load(file)
    network = FaceNetwork(about["config"])
    head = MarginHead(about["config"], about["classes"])
    load_weights(network, head, os.path.join(folder, "model.safetensors"))
    return network, head, about


def load_weights(network, head, path):
    """Puts a .safetensors file's weights in place. The head is left as it is where the file has other people's."""
    tensors, _ = read_safetensors(path)
    centres = tensors.pop("head.weight", None)
    missing, unexpected = network.load_state_dict(tensors, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise ValueError(f"{path} does not fit this network: missing {missing}, unexpected {unexpected}")
    if head is not None and centres is not None and centres.shape == head.weight.shape:
        with torch.no_grad():
            head.weight.copy_(centres)


def save_weights(network, head, path, metadata=None):
    """Writes a file that load_weights reads and the playground opens."""
    tensors = {name: value for name, value in network.state_dict().items() if not name.endswith("num_batches_tracked")}
    tensors["head.weight"] = head.weight
    write_safetensors(path, tensors, metadata or {})


def read_safetensors(path):
    """Tensors by name, and the metadata; the format is huggingface/safetensors's."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=DTYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    header, parts, offset = {"__metadata__": {key: str(value) for key, value in metadata.items()}}, [], 0
    for name, tensor in tensors.items():
        part = tensor.detach().cpu().float().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(part)]}
        parts.append(part)
        offset += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with whole_file(path) as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


@contextlib.contextmanager
def whole_file(path):
    """A file that takes its place once it is written whole. Each write has a name of its own: processes share folders."""
    folder, name = os.path.split(path)
    number, beside = tempfile.mkstemp(prefix=f"{name}.", suffix=".part", dir=folder or ".")
    try:
        with os.fdopen(number, "wb") as file:
            # A temporary file is private; the results of a job are for others too.
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(beside, 0o666 & ~umask)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(beside)
        raise

"""Faces to train on, from a folder, an .npz or an InsightFace .rec.

Every set gives (uint8 tensor [S, S, 3] RGB, class). Photos of folders and records are resized to S; align them first
(the ArcFace 112 template), as the playground's own images are.
"""

import io
import os
import struct

import numpy
import torch

MAGIC = 0xCED7230A


def open_faces(path, size):
    if os.path.isdir(path):
        return FolderFaces(path, size)
    if path.endswith(".npz"):
        return ArrayFaces(path, size)
    if path.endswith(".rec"):
        return RecordFaces(path, size)
    raise SystemExit(f"{path} is neither a folder nor an .npz nor a .rec file.")


class ArrayFaces(torch.utils.data.Dataset):
    """.npz with images uint8 [N, S, S, 3] and labels [N], as the playground exports its synthetic faces."""

    def __init__(self, path, size):
        with numpy.load(path, allow_pickle=False) as arrays:
            self.images, labels = arrays["images"], arrays["labels"]
        if self.images.dtype != numpy.uint8 or self.images.shape[1:] != (size, size, 3):
            raise SystemExit(f"{path} holds images {self.images.shape}, but this network takes [N, {size}, {size}, 3].")
        people, self.labels = numpy.unique(labels, return_inverse=True)
        self.classes = len(people)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return torch.from_numpy(self.images[index].copy()), int(self.labels[index])


class FolderFaces(torch.utils.data.Dataset):
    """One folder per person."""

    def __init__(self, path, size):
        self.size, self.files = size, []
        people = sorted(name for name in os.listdir(path) if os.path.isdir(os.path.join(path, name)))
        for label, person in enumerate(people):
            for name in sorted(os.listdir(os.path.join(path, person))):
                if name.lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".bmp")):
                    self.files.append((os.path.join(path, person, name), label))
        self.classes = len(people)
        if not self.files:
            raise SystemExit(f"There are no images in the folders of {path}; use one folder per person.")

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        path, label = self.files[index]
        return _decode(path, self.size), label


class RecordFaces(torch.utils.data.Dataset):
    """InsightFace's train.rec with train.idx beside it."""

    def __init__(self, path, size):
        self.path, self.size, self.file = path, size, None
        with open(path[:-4] + ".idx") as index:
            self.offsets = {int(key): int(offset) for key, offset in (line.split() for line in index)}
        flag, labels, _ = self._read(0) if 0 in self.offsets else (0, [0], b"")
        # The first record of InsightFace's files says where the images end; the people follow.
        last = int(labels[0]) if flag > 0 else max(self.offsets) + 1
        self.keys = sorted(key for key in self.offsets if (key > 0 or flag == 0) and key < last)
        people = sorted({int(self._read(key)[1][0]) for key in self.keys})
        self.label_of = {person: label for label, person in enumerate(people)}
        self.classes = len(people)
        self.file = None

    def __len__(self):
        return len(self.keys)

    def __getitem__(self, index):
        _, labels, image = self._read(self.keys[index])
        return _decode(io.BytesIO(image), self.size), self.label_of[int(labels[0])]

    def _read(self, key):
        # Opened in each worker process separately: they cannot share a position in a file.
        if self.file is None:
            self.file = open(self.path, "rb")
        self.file.seek(self.offsets[key])
        data = b""
        while True:
            magic, word = struct.unpack("<II", self.file.read(8))
            if magic != MAGIC:
                raise ValueError(f"{self.path} is damaged at record {key}")
            part, length = word >> 29, word & 0x1FFFFFFF
            data += self.file.read((length + 3) & ~3)[:length]
            if part in (0, 3):
                break
            data += struct.pack("<I", MAGIC)
        flag, label, _, _ = struct.unpack("<IfQQ", data[:24])
        labels = struct.unpack(f"<{flag}f", data[24 : 24 + 4 * flag]) if flag > 0 else [label]
        return flag, labels, data[24 + 4 * flag :]


def augment(images, config, generator):
    """uint8 [N, S, S, 3] to float [N, 3, S, S] in -1 to 1, mirrored and moved with the edge repeated."""
    x = images.permute(0, 3, 1, 2).float().div(127.5).sub(1)
    count, _, size, _ = x.shape
    if config["flip"]:
        mirrored = torch.rand(count, generator=generator) < 0.5
        x[mirrored] = x[mirrored].flip(3)
    if config["shift"] > 0:
        moves = torch.randint(-config["shift"], config["shift"] + 1, (count, 2), generator=generator)
        places = torch.arange(size)
        for image, (right, down) in enumerate(moves.tolist()):
            x[image] = x[image][:, (places - down).clamp(0, size - 1)][:, :, (places - right).clamp(0, size - 1)]
    return x


def _decode(source, size):
    from PIL import Image

    with Image.open(source) as image:
        small = image.convert("RGB")
        if small.size != (size, size):
            small = small.resize((size, size), Image.BILINEAR)
        return torch.from_numpy(numpy.asarray(small).copy())

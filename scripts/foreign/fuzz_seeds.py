"""Writes the smallest files of each kind that still use its features, as seeds of damaged ones.

python scripts/foreign/fuzz_seeds.py FOLDER. The outputs are committed: src/exchange/testing/seeds. All have a first
convolution of two filters over one or three channels, most with a batch norm.
"""

import argparse
import collections
import io
import json
import os
import pickle
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")
KERNEL = np.arange(18, dtype=np.float32).reshape(2, 1, 3, 3) / 10


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(2)
        self.conv1.weight.data = torch.from_numpy(KERNEL.copy())

    def forward(self, x):
        return self.bn1(self.conv1(x))


def torch_files(folder):
    net = Net().eval()
    torch.save(net, folder / "module.pt")
    pruned = nn.Sequential(nn.Conv2d(1, 2, 3, bias=False))
    prune.l1_unstructured(pruned[0], "weight", 0.3)
    normed = nn.Sequential(parametrizations.weight_norm(nn.Conv2d(1, 2, 3, bias=False)))
    spectral = nn.Sequential(parametrizations.spectral_norm(nn.Conv2d(1, 2, 3, bias=False)))
    weight = net.conv1.weight.detach()
    scales = torch.tensor([0.01, 0.02], dtype=torch.float64)
    parts = {
        "a": pruned.state_dict(),
        "b": normed.state_dict(),
        "c": spectral.state_dict(),
        "d": torch.quantize_per_tensor(weight, 0.01, 3, torch.quint8),
        "e": torch.quantize_per_channel(weight, scales, torch.zeros(2, dtype=torch.long), 0, torch.qint8),
        "f": {"w.weight": weight.bfloat16(), "g": weight.permute(0, 1, 3, 2), "s": torch.eye(2).to_sparse()},
        "n": {"np": KERNEL.astype(">f8"), "log": collections.Counter("ab"), "r": np.float64(2)},
    }
    torch.save(parts, folder / "parts.pt")
    exported = torch.export.export(net, (torch.zeros(1, 1, 4, 4),))
    torch.export.save(exported, folder / "exported.pt2")
    smaller(folder / "exported.pt2", lambda entry: "/data/weights/" in entry)
    traced = torch.jit.trace(net, torch.zeros(1, 1, 4, 4), check_trace=False)
    torch.jit.save(traced, folder / "traced.pt")
    torch.jit.save(torch.jit.freeze(traced), folder / "frozen.pt")
    for name in ("traced.pt", "frozen.pt"):
        smaller(folder / name, lambda entry: "/code/" not in entry and "debug" not in entry)


def smaller(path, wanted):
    """The archive without some of its entries."""
    with zipfile.ZipFile(path) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist() if wanted(name)]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content)


def pickles(folder):
    arrays = {"conv1.weight": KERNEL, "bn1.weight": np.ones(2, "f4"), "bn1.running_var": np.full(2, 4, "f4")}
    for protocol in (0, 2, 5):
        (folder / f"numpy-{protocol}.pkl").write_bytes(pickle.dumps(arrays, protocol))
    paddle = {name: (f"{name}_0", value) for name, value in arrays.items()}
    (folder / "paddle.pdparams").write_bytes(pickle.dumps({**paddle, "StructuredToParameterName@@": {"a": "b"}}, 2))
    np.save(folder / "dict.npy", {key: np.asfortranarray(value) for key, value in arrays.items()}, allow_pickle=True)
    records = np.zeros(1, dtype=[("a", "f4")])
    half = {key: value.astype("f2") if value.ndim == 4 else value for key, value in arrays.items()}
    np.savez_compressed(folder / "half.npz", **half, o=np.array({"a": KERNEL}, dtype=object), r=records)


def safetensors(folder):
    from safetensors.torch import save_file

    weight = torch.from_numpy(KERNEL)
    tensors = {
        "a.weight": weight.half(),
        "b.weight": weight.bfloat16(),
        "conv1.weight": weight.to(torch.float8_e4m3fn),
        "conv1.weight_scale": torch.ones(2),
        "bn1.weight": torch.ones(2),
        "bn1.running_var": torch.ones(2),
        "bn1.num_batches_tracked": torch.tensor(3),
    }
    save_file(tensors, folder / "mixed.safetensors", {"format": "pt"})


def onnx_files(folder):
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    domains = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    own = [*domains, helper.make_opsetid("own", 1)]

    def save(name, nodes, weights, functions=(), **options):
        graph = helper.make_graph(
            nodes,
            "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 1, 4, 4])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
            [numpy_helper.from_array(np.asarray(value), key) for key, value in weights.items()],
            **options,
        )
        imports = own if functions else domains
        model = helper.make_model(graph, opset_imports=imports, ir_version=10, functions=functions)
        (folder / name).write_bytes(model.SerializeToString())

    node = helper.make_node
    flat = KERNEL.flatten()
    save(
        "constants.onnx",
        [
            node("Constant", [], ["c"], value_floats=flat[:9].tolist()),
            node("Cast", ["h"], ["f"], to=1),
            node("Concat", ["c", "f"], ["k"], axis=0),
            node("Reshape", ["k", "s"], ["r"]),
            node("Transpose", ["r"], ["t"], perm=[1, 0, 3, 2]),
            node("Mul", ["t", "one"], ["m"]),
            node("Shape", ["m"], ["sh"]),
            node("Gather", ["sh", "zero"], ["g"]),
            node("Slice", ["m", "zero", "g"], ["w"]),
            node("Sub", ["x", "one"], ["n"]),
            node("Pad", ["n", "pads"], ["p"]),
            node("Conv", ["p", "w"], ["a"], name="first"),
            node("PRelu", ["a", "one"], ["y"]),
        ],
        {
            "h": flat[9:].astype("f2"),
            "s": np.array([1, 2, 3, -1]),
            "one": np.float32([1]),
            "zero": np.array([0]),
            "pads": np.array([0, 0, 1, 1, 0, 0, 1, 1]),
        },
    )
    eight = (KERNEL * 50).astype("i1")
    scale = np.float32([0.02, 0.03])
    save(
        "quantised.onnx",
        [
            node("QuantizeLinear", ["x", "u", "z"], ["q"]),
            node("QLinearConv", ["q", "u", "z", "k", "scale", "zeros", "u", "z"], ["a"], name="first"),
            node("DequantizeLinear", ["a", "u", "z"], ["b"]),
            node("DequantizeLinear", ["k2", "scale"], ["w"], axis=0),
            node("Conv", ["b", "w"], ["y"], pads=[1, 1, 1, 1]),
        ],
        {
            "u": np.float32(0.1),
            "z": np.uint8(3),
            "k": eight,
            "scale": scale,
            "zeros": np.zeros(2, "i1"),
            "k2": np.concatenate([eight, eight], 1),
        },
    )
    branch = {
        name: helper.make_graph([node("Identity", ["w"], ["o"])], name, [], [helper.make_tensor_value_info("o", 1, None)])
        for name in ("then_branch", "else_branch")
    }
    save(
        "branches.onnx",
        [
            node("ConstantOfShape", ["s"], ["e"], value=numpy_helper.from_array(np.float32([2]))),
            node("Conv", ["x", "w"], ["a"], name="first"),
            node("BatchNormalization", ["a", "v", "v", "v", "v"], ["b"]),
            node("If", ["yes"], ["i"], **branch),
            node("Conv", ["b", "i"], ["y"]),
        ],
        {"s": np.array([2, 2]), "w": KERNEL, "v": np.float32([1, 2]), "yes": np.array(True)},
    )
    save(
        "slim.onnx",
        [
            node("Conv", ["x", "w", "b"], ["a"], pads=[1, 1, 1, 1]),
            node("BatchNormalization", ["a", "b", "b", "b", "v"], ["n"]),
            node("PRelu", ["n", "slope"], ["p"]),
            node("Conv", ["p", "d"], ["e"], group=2),
            node("Conv", ["p", "d2"], ["f"], pads=[0, 0, 0, 0]),
            node("Add", ["e", "f"], ["s"]),
            node("Flatten", ["s"], ["l"]),
            node("Gemm", ["l", "m"], ["y"], transB=1),
        ],
        {
            "w": KERNEL * np.float32([0, 1]).reshape(2, 1, 1, 1),
            "b": np.float32([0, 1]),
            "v": np.float32([1, 1]),
            "slope": np.float32([[[0.1]], [[0.2]]]),
            "d": KERNEL,
            "d2": np.concatenate([KERNEL, KERNEL], 1),
            "m": np.arange(16, dtype="f4").reshape(2, 8) / 9,
        },
    )
    scaled = node("Mul", ["k", "factor"], ["w"])
    factor = node("Constant", [], ["factor"])
    factor.attribute.add(name="value_float", ref_attr_name="by", type=onnx.AttributeProto.FLOAT)
    inner = [factor, scaled, node("Conv", ["x", "w"], ["y"], name="conv", pads=[1, 1, 1, 1])]
    outer = [node("Scaled", ["x", "k"], ["a"], name="inner", domain="own", by=0.5), node("Relu", ["a"], ["y"])]
    save(
        "functions.onnx",
        [
            node("Stem", ["x", "k"], ["a"], name="stem", domain="own"),
            node("Scaled", ["a", "k2"], ["y"], name="next", domain="own", by=2.0),
        ],
        {"k": KERNEL, "k2": np.concatenate([KERNEL, KERNEL], 1)},
        [
            helper.make_function("own", "Scaled", ["x", "k"], ["y"], inner, own, ["by"]),
            helper.make_function("own", "Stem", ["x", "k"], ["y"], outer, own),
        ],
    )
    with zipfile.ZipFile(folder / "pack.zip", "w", zipfile.ZIP_DEFLATED) as pack:
        pack.write(folder / "slim.onnx", "pack/rec.onnx")
        pack.write(folder / "branches.onnx", "pack/det.onnx")
        pack.writestr("pack/about.json", json.dumps({"a": [1, 2]}))


def keras_files(folder):
    import h5py
    import keras

    image = keras.Input((4, 4, 1), name="i")
    x = keras.layers.Conv2D(2, 3, use_bias=False, name="c")(image)
    x = keras.layers.BatchNormalization(name="b")(x)
    model = keras.Model(image, keras.layers.Conv2D(1, 1, use_bias=False, name="d")(x))
    model.layers[1].set_weights([KERNEL.transpose(2, 3, 1, 0)])
    model.save(folder / "whole.h5")
    model.save(folder / "whole.keras")
    model.save_weights(folder / "alone.weights.h5")

    def repacked(source, target, libver, wanted=lambda name: True):
        with h5py.File(source) as old, h5py.File(target, "w", libver=libver) as new:
            for name, value in old.attrs.items():
                new.attrs[name] = value
            for name in old:
                if wanted(name):
                    old.copy(name, new)

    repacked(folder / "whole.h5", folder / "new.h5", "latest")
    alone = io.BytesIO()
    repacked(folder / "alone.weights.h5", alone, "latest")
    with zipfile.ZipFile(folder / "whole.keras") as archive:
        config = json.loads(archive.read("config.json"))
    with zipfile.ZipFile(folder / "whole.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", alone.getvalue())
    (folder / "whole.h5").unlink()
    # The old form of groups, with B-trees and heaps.
    with h5py.File(folder / "alone.weights.h5", "w", libver="earliest") as old:
        old.create_dataset("conv/kernel:0", data=KERNEL.transpose(2, 3, 1, 0), compression="gzip", chunks=(3, 3, 1, 1))
        old.create_dataset("bn/moving_variance:0", data=np.ones(2, "f4"))


def tensorflow_files(folder):
    import tensorflow as tf

    graph = tf.Graph()
    with graph.as_default():
        image = tf.compat.v1.placeholder(tf.float32, (None, 4, 4, 1), "x")
        kernel = tf.identity(tf.constant(KERNEL.transpose(2, 3, 1, 0), name="k"), name="w")
        mixed = tf.nn.conv2d(tf.pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]]), kernel, 1, "VALID", name="first")
        ones = tf.constant([1.0, 1.0], name="o")
        norm = tf.compat.v1.nn.fused_batch_norm(mixed, ones, ones, ones, ones, is_training=False)[0]
        tf.nn.relu(norm, name="y")
    (folder / "graph.pb").write_bytes(graph.as_graph_def().SerializeToString())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for write in (torch_files, pickles, safetensors, onnx_files, keras_files, tensorflow_files):
        write(folder)


if __name__ == "__main__":
    sys.exit(main())

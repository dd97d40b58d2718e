"""Writes small face-like networks in the forms that PyTorch, numpy, JAX and Flax users keep weights in, and expected.json.

python scripts/foreign/torch_weights.py FOLDER. expected.json has for each file the first layer's name, its weights
[filters, channels, height, width] as the framework itself computes them, and the name of the batch norm behind it.
"""

import argparse
import collections
import copy
import json
import pickle
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune
from torch_entrances import save_entrances

warnings.filterwarnings("ignore")
FILTERS = 6
DEAD = [1, 4]


class Block(nn.Module):
    """A convolution and its batch norm, as backbones repeat them."""

    def __init__(self, channels, filters):
        super().__init__()
        self.conv = nn.Conv2d(channels, filters, 3, bias=False)
        self.bn = nn.BatchNorm2d(filters)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class Net(nn.Module):
    """Two convolutions, a buffer in four axes, and attributes that are no weights."""

    def __init__(self):
        super().__init__()
        self.mean = [0.5, 0.5, 0.5]
        self.conv1 = nn.Conv2d(3, FILTERS, 3, bias=True)
        self.bn1 = nn.BatchNorm2d(FILTERS)
        self.body = nn.ModuleList([Block(FILTERS, 5)])
        self.register_buffer("grid", torch.zeros(1, 2, 4, 4))
        with torch.no_grad():
            for index, bn in enumerate([self.bn1, self.body[0].bn]):
                bn.weight.uniform_(0.5, 1.5)
                bn.running_var.uniform_(0.5, 2)
                bn.eps = 1e-5 * (index + 1)
            self.conv1.weight[DEAD] = 0

    def forward(self, x):
        return self.body[0](torch.relu(self.bn1(self.conv1(x)))).mean((2, 3))


class Settings:
    """A class of a project that nobody else has."""

    def __init__(self, **values):
        self.__dict__.update(values)


class Attributes(dict):
    """A dict with attributes, as EasyDict and AttrDict."""

    __getattr__ = dict.__getitem__


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    expected = {}
    net = Net().eval()
    state = net.state_dict()

    def expect(file, layer, weight, batch_norm):
        values = weight.detach().float().numpy().tolist()
        expected[file] = {"layer": layer, "weight": values, "batchNorm": batch_norm}

    def save(file, value, layer="conv1.weight", weight=net.conv1.weight, batch_norm="bn1", **options):
        torch.save(value, folder / file, **options)
        expect(file, layer, weight, batch_norm)

    def dump(file, value, protocol, layer="conv1.weight", batch_norm="bn1"):
        (folder / file).write_bytes(pickle.dumps(value, protocol=protocol))
        expect(file, layer, net.conv1.weight, batch_norm)

    # State dicts inside common wrappers.
    save("plain.pt", state)
    save("legacy.pt", state, _use_new_zipfile_serialization=False)
    for key in ["state_dict", "model", "net", "ema", "backbone"]:
        save(f"under-{key}.pt", {"epoch": 3, key: state}, f"{key}.conv1.weight", batch_norm=f"{key}.bn1")
    deep = {"checkpoint": {"model": collections.OrderedDict(("module." + key, value) for key, value in state.items())}}
    before = "checkpoint.model.module"
    save("deep.pt", deep, f"{before}.conv1.weight", batch_norm=f"{before}.bn1")
    save("listed.pt", [7, ("a", state)], "1.1.conv1.weight", batch_norm="1.1.bn1")
    save(
        "parameters.pt",
        {
            name: nn.Parameter(value, requires_grad=value.is_floating_point()) if value.is_floating_point() else value
            for name, value in state.items()
        },
    )
    for protocol in (2, 3, 4, 5):
        save(f"protocol-{protocol}.pt", state, pickle_protocol=protocol)

        options = {"_use_new_zipfile_serialization": False}
        save(f"legacy-module-{protocol}.pt", net, pickle_protocol=protocol, **options)
    save_in_parts(folder, expect, net, state)
    exported = torch.export.export(net, (torch.zeros(2, 3, 12, 12),))
    torch.export.save(exported, folder / "exported.pt2")
    expect("exported.pt2", "conv1.weight", net.conv1.weight, "bn1")

    # Training state beside the weights.
    training = copy.deepcopy(net).train()
    optimiser = torch.optim.AdamW(training.parameters(), 1e-3)
    training(torch.randn(2, 3, 12, 12)).sum().backward()
    optimiser.step()
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, [2, 4])
    extras = {
        "optimizer": optimiser.state_dict(),
        "scheduler": schedule.state_dict(),
        "scaler": torch.amp.GradScaler("cpu").state_dict(),
        "scaler_object": torch.amp.GradScaler("cpu"),
        "rng": torch.get_rng_state(),
        "numpy_rng": np.random.get_state(),
        "args": argparse.Namespace(lr=0.1, out=Path("runs")),
        "config": Attributes(network=Attributes(depth=50)),
        "settings": Settings(name="a", weight=torch.zeros(2)),
        "log": collections.defaultdict(list, loss=[1.0, 2.0]),
        "seen": {1, 2, 3},
        "frozen": frozenset("ab"),
        "count": collections.Counter("aab"),
        "slice": slice(1, 2),
        "complex": 1 + 2j,
        "device": torch.device("cpu"),
        "size": torch.Size([1, 2]),
        "type": torch.float16,
        "loss": torch.tensor(0.5),
        "best": np.float64(0.9),
        "labels": np.array(["a", "b"]),
        "records": np.zeros(2, dtype=[("a", "f4"), ("b", "i8")]),
        "big": 2**100,
        "model": state,
    }
    save("extras.pt", extras, "model.conv1.weight", batch_norm="model.bn1")
    save("optimiser-object.pt", {"optimizer": optimiser, "model": state}, "model.conv1.weight", batch_norm="model.bn1")

    # Whole modules.
    for protocol in (2, 4):
        save(f"module-{protocol}.pt", net, pickle_protocol=protocol)
    save("module-legacy.pt", net, _use_new_zipfile_serialization=False)
    save("module-parallel.pt", nn.DataParallel(net), "module.conv1.weight", batch_norm="module.bn1")
    save("module-sequential.pt", nn.Sequential(net.conv1, net.bn1), "0.weight", batch_norm="1")
    save("module-in-object.pt", Settings(name="trainer", network=net), "network.conv1.weight", batch_norm="network.bn1")
    torch.jit.save(torch.jit.trace(net, torch.zeros(1, 3, 12, 12), check_trace=False), folder / "traced.pt")
    expect("traced.pt", "conv1.weight", net.conv1.weight, "bn1")
    scripted = torch.jit.script(nn.Sequential(net.conv1, net.bn1))
    torch.jit.save(scripted, folder / "scripted.pt")
    expect("scripted.pt", "0.weight", net.conv1.weight, "1")
    # Frozen, the batch norm is worked into the convolution, and weights are among the program's constants.
    frozen = torch.jit.freeze(torch.jit.trace(net, torch.zeros(1, 3, 12, 12), check_trace=False))
    torch.jit.save(frozen, folder / "frozen.pt")
    factor = net.bn1.weight / torch.sqrt(net.bn1.running_var + net.bn1.eps)
    expect("frozen.pt", None, net.conv1.weight * factor[:, None, None, None], None)
    save_quantised(folder, expect, net)

    # Weights in parts.
    def changed(change):
        other = copy.deepcopy(net)
        change(other)
        other.eval()
        return other

    pruned = changed(lambda other: prune.ln_structured(other.conv1, "weight", 0.5, n=2, dim=0))
    save("pruned.pt", pruned.state_dict(), weight=pruned.conv1.weight)
    save("pruned-module.pt", pruned, weight=pruned.conv1.weight)
    both = changed(
        lambda other: prune.global_unstructured(
            [(other.conv1, "weight"), (other.bn1, "weight")], prune.L1Unstructured, amount=0.3
        )
    )
    save("pruned-with-norm.pt", both.state_dict(), weight=both.conv1.weight)
    older = changed(lambda other: nn.utils.weight_norm(other.conv1))
    with torch.no_grad():
        older.conv1.weight_g[2] = 0
        older.conv1.weight_v[DEAD] = 0.5
        older(torch.zeros(1, 3, 12, 12))
    save("weight-norm-old.pt", older.state_dict(), weight=older.conv1.weight)
    newer = changed(lambda other: parametrizations.weight_norm(other.conv1))
    with torch.no_grad():
        newer.conv1.parametrizations.weight.original0[2] = 0
        newer.conv1.parametrizations.weight.original1[DEAD] = 0.5
    save("weight-norm.pt", newer.state_dict(), weight=newer.conv1.weight)
    whole = changed(lambda other: parametrizations.weight_norm(other.conv1, dim=None))
    save("weight-norm-all.pt", whole.state_dict(), weight=whole.conv1.weight)
    spectral_old = changed(lambda other: nn.utils.spectral_norm(other.conv1))
    spectral_old(torch.zeros(1, 3, 12, 12))
    save("spectral-norm-old.pt", spectral_old.state_dict(), weight=spectral_old.conv1.weight)
    spectral = changed(lambda other: parametrizations.spectral_norm(other.conv1))
    save("spectral-norm.pt", spectral.state_dict(), weight=spectral.conv1.weight)
    # Parts of parts: the direction of a weight norm and the weight of a spectral norm, pruned.
    for name, norm, part in [
        ("weight-norm-pruned.pt", nn.utils.weight_norm, "weight_v"),
        ("spectral-norm-pruned.pt", nn.utils.spectral_norm, "weight_orig"),
    ]:
        twice = changed(lambda other, norm=norm: norm(other.conv1))
        with torch.no_grad():
            getattr(twice.conv1, part)[DEAD] = 0.5
        prune.ln_structured(twice.conv1, part, 0.5, n=2, dim=1)
        for _ in range(2):
            # The hooks of the norm and of the pruning run before a forward pass, the norm's first.
            twice(torch.zeros(1, 3, 12, 12))
        save(name, twice.state_dict(), weight=twice.conv1.weight)
    stacked = changed(lambda other: parametrizations.spectral_norm(parametrizations.weight_norm(other.conv1)))
    torch.save(stacked.state_dict(), folder / "norm-of-norm.pt")
    expected["norm-of-norm.pt"] = {"refused": "computed from 1._u, 1._v, original0, original1"}

    # Element types and views.
    for name, dtype in [
        ("half", torch.float16),
        ("brain", torch.bfloat16),
        ("double", torch.float64),
        ("float8", torch.float8_e4m3fn),
        ("float8-wide", torch.float8_e5m2),
    ]:
        other = {key: value.to(dtype) if value.dim() == 4 else value for key, value in state.items()}
        save(f"{name}.pt", other, weight=other["conv1.weight"])
    odd = {
        **state,
        "head.a": torch.zeros(2, 3, 3, 3, dtype=torch.complex64),
        "head.b": torch.eye(3).to_sparse(),
        "head.c": torch.zeros(2, 2, 2, 2, dtype=torch.uint16),
        "head.d": torch.zeros(3, device="meta"),
        "head.e": torch.tensor(3),
        "head.f": torch.zeros(0, 3, 3, 3),
        "head.g": torch.eye(3).to_sparse_csr(),
    }
    save("odd-elsewhere.pt", odd)
    shared = torch.zeros(1000)
    shared[7 : 7 + net.conv1.weight.numel()] = net.conv1.weight.detach().flatten()
    view = torch.as_strided(shared, tuple(net.conv1.weight.shape), (27, 9, 3, 1), 7)
    save("views.pt", {**state, "conv1.weight": view, "conv1.bias": shared[:FILTERS]}, weight=view)
    last = net.conv1.weight.detach().contiguous(memory_format=torch.channels_last)
    save("channels-last.pt", {**state, "conv1.weight": last})
    save(
        "legacy-views.pt",
        {**state, "conv1.weight": view, "tail": shared[500:]},
        weight=view,
        _use_new_zipfile_serialization=False,
    )
    tensor = torch.quantize_per_tensor(net.conv1.weight.detach(), 0.01, 3, torch.quint8)
    save("quantised-tensor.pt", {**state, "conv1.weight": tensor}, weight=tensor.dequantize())
    scales = torch.linspace(0.001, 0.01, FILTERS, dtype=torch.float64)
    channel = torch.quantize_per_channel(
        net.conv1.weight.detach(), scales, torch.zeros(FILTERS, dtype=torch.long), 0, torch.qint8
    )
    save("quantised-channel.pt", {**state, "conv1.weight": channel}, weight=channel.dequantize())

    # Pickles of numpy arrays, as Paddle and older projects write them; JAX's arrays keep TensorFlow's order of axes.
    arrays = {key: value.numpy() for key, value in state.items()}
    for protocol in range(6):
        dump(f"numpy-{protocol}.pkl", arrays, protocol)
    dump("numpy-old-names.pkl", None, 2)
    old = pickle.dumps(arrays, protocol=2).replace(b"numpy._core.", b"numpy.core.")
    (folder / "numpy-old-names.pkl").write_bytes(old)
    dump("numpy-big-endian.pkl", {key: value.astype(value.dtype.newbyteorder(">")) for key, value in arrays.items()}, 4)
    dump("numpy-fortran.pkl", {key: np.asfortranarray(value) for key, value in arrays.items()}, 4)
    turned = {
        key: np.ascontiguousarray(value.transpose(2, 3, 1, 0)).transpose(3, 2, 0, 1) if value.ndim == 4 else value
        for key, value in arrays.items()
    }
    dump("numpy-transposed.pkl", turned, 5)
    np.save(folder / "dict.npy", arrays, allow_pickle=True)
    expect("dict.npy", "conv1.weight", net.conv1.weight, "bn1")
    np.savez(folder / "dict.npz", params=np.array(arrays, dtype=object), epoch=3, note="text")
    expect("dict.npz", "params.conv1.weight", net.conv1.weight, "params.bn1")
    np.savez_compressed(
        folder / "half.npz", **{key: value.astype("f2") if value.ndim == 4 else value for key, value in arrays.items()}
    )
    expect("half.npz", "conv1.weight", net.conv1.weight.half(), "bn1")
    save_safetensors(folder, state, arrays, expect, net)
    save_flax(folder, expect, net)
    save_entrances(folder, expected, expect)
    (folder / "expected.json").write_text(json.dumps(expected))


def save_in_parts(folder, expect, net, state):
    """As Hugging Face's libraries cut large models; the first layer is in the second part."""
    items = list(state.items())
    names = [f"part-0000{number}-of-00002.bin" for number in (1, 2)]
    torch.save(dict(items[8:]), folder / names[0])
    torch.save(dict(items[:8]), folder / names[1])
    index = {name: names[1 if place < 8 else 0] for place, name in enumerate(state)}
    (folder / "part.bin.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    for file in (*names, "part.bin.index.json"):
        expect(file, "conv1.weight", net.conv1.weight, "bn1")


def save_quantised(folder, expect, net):
    """A network quantised as a whole (eager mode): its convolutions keep packed weights."""
    try:
        from torch.ao import quantization

        wrapped = quantization.QuantWrapper(copy.deepcopy(net)).eval()
        wrapped.qconfig = quantization.get_default_qconfig("x86")
        quantization.prepare(wrapped, inplace=True)
        wrapped(torch.rand(2, 3, 12, 12))
        quantization.convert(wrapped, inplace=True)
    except (ImportError, AttributeError, RuntimeError, NotImplementedError) as error:
        print("no quantised module:", error, file=sys.stderr)
        return
    weight = wrapped.module.conv1.weight().dequantize()
    torch.save(wrapped.state_dict(), folder / "quantised-state.pt")
    expect("quantised-state.pt", "module.conv1.weight", weight, "module.bn1")
    torch.save(wrapped, folder / "quantised-module.pt")
    expect("quantised-module.pt", None, weight, "module.bn1")


def save_safetensors(folder, state, arrays, expect, net):
    """The official writer's order of types and names."""
    try:
        from safetensors.torch import save_file
    except ImportError:
        return
    tensors = {key: value.contiguous() for key, value in state.items()}
    save_file(tensors, folder / "plain.safetensors")
    expect("plain.safetensors", "conv1.weight", net.conv1.weight, "bn1")
    half = {key: value.half() if value.dim() == 4 else value for key, value in tensors.items()}
    save_file(half, folder / "mixed.safetensors")
    expect("mixed.safetensors", "conv1.weight", half["conv1.weight"], "bn1")
    scale = net.conv1.weight.detach().abs().max() / 400
    eight = (net.conv1.weight.detach() / scale).to(torch.float8_e4m3fn)
    save_file({**tensors, "conv1.weight": eight, "conv1.weight_scale": scale.reshape(1)}, folder / "scaled.safetensors")
    expect("scaled.safetensors", "conv1.weight", eight.float() * scale, "bn1")
    # Keras names the layers by their kind and counts them.
    keras = {}
    for index, (conv, norm) in enumerate([("conv1", "bn1"), ("body.0.conv", "body.0.bn")]):
        end = "" if index == 0 else f"_{index}"
        keras[f"conv2d{end}/kernel:0"] = state[f"{conv}.weight"].permute(2, 3, 1, 0).contiguous()
        for ours, theirs in [
            ("weight", "gamma"),
            ("bias", "beta"),
            ("running_mean", "moving_mean"),
            ("running_var", "moving_variance"),
        ]:
            keras[f"batch_normalization{end}/{theirs}:0"] = state[f"{norm}.{ours}"].clone()
    save_file(keras, folder / "keras-names.safetensors")
    expect("keras-names.safetensors", "conv2d/kernel:0", net.conv1.weight, "batch_normalization")
    flax = {}
    for index, (conv, norm) in enumerate([("conv1", "bn1"), ("body.0.conv", "body.0.bn")]):
        flax[f"params/Conv_{index}/kernel"] = state[f"{conv}.weight"].permute(2, 3, 1, 0).contiguous()
        flax[f"params/BatchNorm_{index}/scale"] = state[f"{norm}.weight"].clone()
        flax[f"params/BatchNorm_{index}/bias"] = state[f"{norm}.bias"].clone()
        flax[f"batch_stats/BatchNorm_{index}/mean"] = state[f"{norm}.running_mean"].clone()
        flax[f"batch_stats/BatchNorm_{index}/var"] = state[f"{norm}.running_var"].clone()
    save_file(flax, folder / "flax-names.safetensors")
    expect("flax-names.safetensors", "params/Conv_0/kernel", net.conv1.weight, "params/BatchNorm_0")


def save_flax(folder, expect, net):
    """A pickle of JAX arrays, as Haiku and Flax projects keep them."""
    try:
        import jax.numpy as jnp
    except ImportError:
        return
    kernel = jnp.asarray(net.conv1.weight.detach().permute(2, 3, 1, 0).numpy())
    params = {
        "params": {"Conv_0": {"kernel": kernel}, "BatchNorm_0": {"scale": jnp.ones(FILTERS)}},
        "batch_stats": {"BatchNorm_0": {"mean": jnp.zeros(FILTERS), "var": jnp.ones(FILTERS)}},
    }
    (folder / "jax.pkl").write_bytes(pickle.dumps(params))
    expect("jax.pkl", "params.Conv_0.kernel", net.conv1.weight, "params.BatchNorm_0")


if __name__ == "__main__":
    sys.exit(main())

"""Runs InsightFace's train_v2.py as it is, on the processor: gloo instead of NCCL, and no CUDA.

    torchrun --nproc_per_node=2 train_on_cpu.py TRAIN_V2.py configs/NAME.py

Empty modules replace packages that the script only imports (mxnet, easydict, tensorboard) where they are missing.
"""

import contextlib
import importlib.util
import os
import runpy
import sys
import types

import torch
from torch import distributed


class Nothing:
    """Takes every call and does nothing."""

    def __init__(self, *_, **__):
        pass

    def __getattr__(self, _):
        return lambda *_, **__: None


class AttributeDict(dict):
    """easydict's EasyDict, as far as a flat config needs it."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


def stand_in(name, **content):
    if importlib.util.find_spec(name.split(".")[0]) is None or name == "torch.utils.tensorboard":
        module = types.ModuleType(name)
        module.__dict__.update(content)
        sys.modules[name] = module


def on_cpu():
    cuda = torch.cuda
    cuda.set_device = cuda.manual_seed_all = lambda *_: None
    cuda.Stream = Nothing
    cuda.stream = lambda _: contextlib.nullcontext()
    cuda.current_stream = Nothing
    torch.Tensor.cuda = torch.nn.Module.cuda = lambda self, *_, **__: self
    to = torch.Tensor.to

    def to_cpu(self, *args, **options):
        # The script numbers its devices; there are none here.
        if isinstance(options.get("device"), int):
            return self
        return to(self, *args, **options)

    torch.Tensor.to = to_cpu
    tensor = torch.tensor
    torch.tensor = lambda *args, device=None, **options: tensor(*args, **options)
    begin = distributed.init_process_group
    distributed.init_process_group = lambda *_, **__: begin("gloo")
    parallel = torch.nn.parallel.DistributedDataParallel

    class OnCpu(parallel):
        def __init__(self, *args, **options):
            options.pop("device_ids", None)
            super().__init__(*args, **options)

    torch.nn.parallel.DistributedDataParallel = OnCpu


def without_verbose():
    """The script's lr_scheduler.py passes `verbose`, which today's PyTorch takes no longer."""
    scheduler = torch.optim.lr_scheduler._LRScheduler
    begin = scheduler.__init__
    scheduler.__init__ = lambda self, optimiser, last_epoch=-1, verbose=None: begin(self, optimiser, last_epoch)


if __name__ == "__main__":
    stand_in("mxnet", ndarray=types.SimpleNamespace())
    stand_in("easydict", EasyDict=AttributeDict)
    stand_in("torch.utils.tensorboard", SummaryWriter=Nothing)
    on_cpu()
    without_verbose()
    script, config = sys.argv[1:]
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    sys.argv = [script, config]
    runpy.run_path(script, run_name="__main__")

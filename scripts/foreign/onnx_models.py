"""ONNX models as onnx, ONNX Runtime and PyTorch of today write them, with the right answer of each.

python scripts/foreign/onnx_models.py FOLDER writes the models and models.json: for each file the filters of its first
layer that are exactly zero, or the words with which it has to be refused.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

warnings.filterwarnings("ignore")
DEAD = [2, 5, 11]
SIZE = 16
random = np.random.default_rng(7)


def kernel(filters=16, channels=3, window=3, dead=DEAD):
    weights = random.normal(0, 0.3, (filters, channels, window, window)).astype(np.float32)
    weights[dead] = 0
    return weights


W1 = kernel()
W2 = kernel(8, 16, 3, [])
W3 = random.normal(0, 0.1, (8 * SIZE * SIZE, 8)).astype(np.float32)


def node(operator, inputs, outputs, domain="", **attributes):
    return helper.make_node(operator, inputs, outputs, name=f"{operator}_{outputs[0]}", domain=domain, **attributes)


def tail(x="a"):
    """From the first layer's result to an embedding; every filter here is active."""
    return [
        node("Relu", [x], ["r"]),
        node("Conv", ["r", "w2"], ["b"], pads=[1, 1, 1, 1]),
        node("Flatten", ["b"], ["f"]),
        node("Gemm", ["f", "w3"], ["out"]),
    ]


def model(front, weights, input_shape=("N", 3, SIZE, SIZE), element=TensorProto.FLOAT, back=None, opset=21, domains=()):
    graph = helper.make_graph(
        [*front, *(tail() if back is None else back)],
        "g",
        [helper.make_tensor_value_info("data", element, list(input_shape))],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)],
        [*weights, numpy_helper.from_array(W2, "w2"), numpy_helper.from_array(W3, "w3")],
    )
    opsets = [helper.make_opsetid("", opset), *[helper.make_opsetid(name, 1) for name in domains]]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="foreign")


def first(x="data", w="w", **attributes):
    return node("Conv", [x, w], ["a"], **{"pads": [1, 1, 1, 1], **attributes})


def tensor(values, name="w"):
    return numpy_helper.from_array(np.ascontiguousarray(values), name)


def ints(*values, name):
    return numpy_helper.from_array(np.array(values, dtype=np.int64), name)


def quantised(weights, per_channel=True):
    scale = np.abs(weights).max(axis=(1, 2, 3)) / 127 if per_channel else np.array(np.abs(weights).max() / 127)
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    spread = scale.reshape(-1, 1, 1, 1) if per_channel else scale
    return np.round(weights / spread).astype(np.int8), scale


def in_branches():
    """The first layer within an If."""
    value = helper.make_tensor_value_info("o", TensorProto.FLOAT, None)
    then = helper.make_graph([first()], "t", [], [value])
    then.node[0].output[0] = "o"
    other = helper.make_graph([node("Conv", ["data", "x"], ["o"])], "e", [], [value], [tensor(W1 + 1, "x")])
    return {"then_branch": then, "else_branch": other}


def through_constants():
    """The kernel comes through operators that work on constants alone."""
    yield (
        "transposed",
        model([node("Transpose", ["h"], ["w"], perm=[3, 2, 0, 1]), first()], [tensor(W1.transpose(2, 3, 1, 0), "h")]),
    )
    yield (
        "cast-from-half",
        model([node("Cast", ["h"], ["w"], to=TensorProto.FLOAT), first()], [tensor(W1.astype(np.float16), "h")]),
    )
    bits = (W1.view(np.uint32) >> 16).astype(np.uint16)
    bfloat = TensorProto(name="h", data_type=TensorProto.BFLOAT16, dims=W1.shape, raw_data=bits.tobytes())
    yield "cast-from-bfloat16", model([node("Cast", ["h"], ["w"], to=TensorProto.FLOAT), first()], [bfloat])
    listed = TensorProto(name="h", data_type=TensorProto.BFLOAT16, dims=W1.shape, int32_data=bits.flatten().tolist())
    yield "bfloat16-listed", model([node("Cast", ["h"], ["w"], to=TensorProto.FLOAT), first()], [listed])
    constant = node("Constant", [], ["c"], value_floats=W1.flatten().tolist())
    yield (
        "constant-floats",
        model([constant, node("Reshape", ["c", "s"], ["w"]), first()], [ints(16, 3, -1, 3, name="s")]),
    )
    yield (
        "identities",
        model([node("Identity", ["h"], ["i"]), node("Identity", ["i"], ["w"]), first()], [tensor(W1, "h")]),
    )
    yield (
        "masked",
        model([node("Mul", ["h", "m"], ["w"]), first()], [tensor(W1 + 1, "h"), tensor((W1 != 0) * (W1 / (W1 + 1)), "m")]),
    )
    yield (
        "unsqueezed",
        model(
            [node("Unsqueeze", ["h", "x"], ["w"]), first(pads=[0, 0, 0, 0])],
            [tensor(W1[:, :, 0, 0][:, :, None], "h"), ints(-1, name="x")],
            back=[node("Identity", ["a"], ["out"])],
        ),
    )
    halves = [tensor(W1[:8], "p"), tensor(W1[8:], "q")]
    yield "concatenated", model([node("Concat", ["p", "q"], ["w"], axis=0), first()], halves)
    yield (
        "sliced",
        model(
            [node("Slice", ["h", "from", "to"], ["w"]), first()],
            [tensor(np.concatenate([W1 + 9, W1]), "h"), ints(16, name="from"), ints(2**60, name="to")],
        ),
    )
    yield (
        "gathered",
        model([node("Gather", ["h", "i"], ["w"]), first()], [tensor(W1[::-1], "h"), ints(*range(-1, -17, -1), name="i")]),
    )
    yield (
        "split",
        model(
            [node("Split", ["h"], ["z", "w"], axis=1, num_outputs=2), first()],
            [tensor(np.concatenate([W1 + 9, W1], 1), "h")],
        ),
    )
    norms = np.sqrt((W1**2).sum(axis=(1, 2, 3), keepdims=True)).astype(np.float32)
    direction = np.where(norms == 0, 1, W1 / np.maximum(norms, 1e-12)).astype(np.float32)
    weight_norm = [
        node("ReduceL2", ["v", "axes"], ["n"], keepdims=1),
        node("Div", ["v", "n"], ["u"]),
        node("Mul", ["u", "g"], ["w"]),
        first(),
    ]
    yield (
        "weight-norm",
        model(weight_norm, [tensor(direction * 3, "v"), tensor(norms, "g"), ints(1, 2, 3, name="axes")]),
    )
    q, scale = quantised(W1)
    zero = tensor(np.zeros(16, np.int8), "z")
    yield (
        "dequantised-by-channel",
        model(
            [node("DequantizeLinear", ["q", "s", "z"], ["w"], axis=0), first()],
            [tensor(q, "q"), tensor(scale, "s"), zero],
        ),
    )
    yield (
        "dequantised-transposed",
        model(
            [
                node("Transpose", ["q"], ["t"], perm=[3, 2, 0, 1]),
                node("DequantizeLinear", ["t", "s", "z"], ["w"], axis=0),
                first(),
            ],
            [tensor(q.transpose(2, 3, 1, 0), "q"), tensor(scale, "s"), zero],
        ),
    )
    q8, s8 = quantised(W1, False)
    yield (
        "dequantised-uint8",
        model(
            [node("DequantizeLinear", ["q", "s", "z"], ["w"]), first()],
            [
                tensor((q8.astype(np.int16) + 128).astype(np.uint8), "q"),
                tensor(s8, "s"),
                tensor(np.array(128, np.uint8), "z"),
            ],
        ),
    )
    fake = [node("QuantizeLinear", ["h", "s", "z"], ["q"]), node("DequantizeLinear", ["q", "s", "z"], ["w"]), first()]
    yield "fake-quantised", model(fake, [tensor(W1, "h"), tensor(s8, "s"), tensor(np.array(0, np.int8), "z")])
    nibbles = helper.make_tensor("q", TensorProto.INT4, W1.shape, np.clip(np.round(W1 / 0.2), -8, 7).astype(int).flatten())
    yield (
        "dequantised-int4",
        model([node("DequantizeLinear", ["q", "s"], ["w"]), first()], [nibbles, tensor(np.float32(0.2), "s")]),
    )
    eighths = helper.make_tensor("q", TensorProto.FLOAT8E4M3FN, W1.shape, W1.flatten())
    yield (
        "dequantised-float8",
        model([node("DequantizeLinear", ["q", "s"], ["w"]), first()], [eighths, tensor(np.float32(1), "s")]),
    )
    yield (
        "cast-int8-scaled",
        model(
            [node("Cast", ["q"], ["c"], to=TensorProto.FLOAT), node("Mul", ["c", "s"], ["w"]), first()],
            [tensor(q, "q"), tensor(scale.reshape(-1, 1, 1, 1), "s")],
        ),
    )
    shape = [
        node("Shape", ["h"], ["sh"]),
        node("ConstantOfShape", ["sh"], ["ones"], value=tensor(np.ones(1, np.float32), "v")),
        node("Mul", ["h", "ones"], ["w"]),
        first(),
    ]
    yield "shape-of-constant", model(shape, [tensor(W1, "h")])
    count = [node("Shape", ["h"], ["sh"]), node("ReduceProd", ["sh"], ["n"], keepdims=0), node("Cast", ["n"], ["fl"], to=1)]
    rest = [node("Div", ["h", "fl"], ["d"]), node("Mul", ["d", "fl"], ["w"]), first()]
    yield "standardised", model([*count, *rest], [tensor(W1, "h")])
    low = random.normal(0, 0.3, (16, 4)).astype(np.float32)
    low[DEAD] = 0
    yield (
        "low-rank",
        model(
            [node("MatMul", ["p", "q"], ["m"]), node("Reshape", ["m", "s"], ["w"]), first()],
            [
                tensor(low, "p"),
                tensor(random.normal(0, 0.3, (4, 27)).astype(np.float32), "q"),
                ints(16, 3, 3, 3, name="s"),
            ],
        ),
    )
    left, _, right = np.linalg.svd(W1.reshape(16, 27))
    spectral = [
        node("Reshape", ["h", "rows"], ["flat"]),
        node("MatMul", ["flat", "v"], ["side"]),
        node("MatMul", ["u", "side"], ["sigma"]),
        node("Div", ["h", "sigma"], ["w"]),
        first(),
    ]
    yield (
        "spectral-norm",
        model(
            spectral,
            [tensor(W1, "h"), tensor(left[:, 0].copy(), "u"), tensor(right[0].copy(), "v"), ints(16, 27, name="rows")],
        ),
    )
    noise = W1 + np.where(W1 == 0, random.uniform(-0.001, 0.001, W1.shape), 0).astype(np.float32)
    threshold = [
        node("Abs", ["h"], ["z"]),
        node("Greater", ["z", "t"], ["on"]),
        node("Cast", ["on"], ["m"], to=TensorProto.FLOAT),
        node("Mul", ["h", "m"], ["w"]),
        first(),
    ]
    yield "masked-by-threshold", model(threshold, [tensor(noise, "h"), tensor(np.float32(0.0011), "t")])
    holes = W1.copy()
    holes[0, 0, 0, 0] = np.nan
    mended = [node("IsNaN", ["h"], ["n"]), node("Where", ["n", "z", "h"], ["w"]), first()]
    yield "without-nan", model(mended, [tensor(holes, "h"), tensor(np.float32(0), "z")])
    yield (
        "tiled",
        model([node("Tile", ["h", "n"], ["w"]), first()], [tensor(W1[:, :1], "h"), ints(1, 3, 1, 1, name="n")]),
    )
    yield (
        "padded",
        model(
            [node("Pad", ["h", "n"], ["w"]), first()],
            [tensor(W1[:, :, :, 1:], "h"), ints(0, 0, 0, 1, 0, 0, 0, 0, name="n")],
        ),
    )
    flat = W1.flatten()
    places = np.flatnonzero(flat).astype(np.int64)
    few = helper.make_sparse_tensor(
        helper.make_tensor("w", TensorProto.FLOAT, [len(places)], flat[places]),
        helper.make_tensor("i", TensorProto.INT64, [len(places)], places),
        W1.shape,
    )
    sparse = model([first()], [])
    sparse.graph.sparse_initializer.append(few)
    yield "sparse", sparse
    yield "sparse-constant", model([node("Constant", [], ["w"], sparse_value=few), first()], [])

    def branch(operator, weights):
        value = helper.make_tensor_value_info("x", TensorProto.FLOAT, None)
        return helper.make_graph([node(operator, ["y"], ["x"])], "branch", [], [value], [tensor(weights, "y")])

    both = {"then_branch": branch("Neg", -W1), "else_branch": branch("Identity", W1 + 1)}
    yield "if-constant", model([node("If", ["so"], ["w"], **both), first()], [tensor(np.array(True), "so")])
    inside = node("If", ["so"], ["a"], **in_branches())
    yield "in-a-constant-branch", model([inside], [tensor(W1), tensor(np.array(True), "so")])
    alike = {"then_branch": branch("Neg", -W1), "else_branch": branch("Identity", W1)}
    is_large = [node("Size", ["data"], ["n"]), node("Greater", ["n", "one"], ["so"])]
    yield "if-alike", model([*is_large, node("If", ["so"], ["w"], **alike), first()], [ints(1, name="one")])
    yield (
        "double",
        model([node("Cast", ["h"], ["w"], to=TensorProto.FLOAT), first()], [tensor(W1.astype(np.float64), "h")]),
    )


def before_the_first():
    """The operations between the image and the first layer."""
    yield (
        "nhwc",
        model([node("Transpose", ["data"], ["t"], perm=[0, 3, 1, 2]), first("t")], [tensor(W1)], ("N", SIZE, SIZE, 3)),
    )
    yield (
        "normalised",
        model(
            [node("Sub", ["data", "m"], ["s"]), node("Mul", ["s", "k"], ["n"]), first("n")],
            [tensor(W1), tensor(np.float32([127.5]), "m"), tensor(np.float32([1 / 128]), "k")],
        ),
    )
    four = [tensor(np.full(3, value, np.float32), name) for value, name in ((1, "g"), (0, "be"), (127.5, "mu"), (16000, "va"))]
    yield (
        "batch-norm-first",
        model([node("BatchNormalization", ["data", "g", "be", "mu", "va"], ["n"]), first("n")], [tensor(W1), *four]),
    )
    pad = [node("Pad", ["data", "p"], ["t"]), first("t", pads=[0, 0, 0, 0])]
    yield "padded", model(pad, [tensor(W1), ints(0, 0, 1, 1, 0, 0, 1, 1, name="p")])
    resize = [node("Resize", ["data", "", "sc"], ["t"]), first("t")]
    yield "resized", model(resize, [tensor(W1), tensor(np.float32([1, 1, 1, 1]), "sc")])
    focus = []
    for y in (0, 1):
        for x in (0, 1):
            focus.append(node("Slice", ["data", f"l{y}{x}", "end", "ax", "st"], [f"p{y}{x}"]))
    focus += [
        node("Concat", ["p00", "p10", "p01", "p11"], ["t"], axis=1),
        node("Conv", ["t", "w"], ["a"], pads=[1, 1, 1, 1]),
    ]
    starts = [ints(y, x, name=f"l{y}{x}") for y in (0, 1) for x in (0, 1)]
    rest = [ints(2**40, 2**40, name="end"), ints(2, 3, name="ax"), ints(2, 2, name="st")]
    wide = np.concatenate([W1] * 4, 1)
    yield "focus", model(focus, [tensor(wide), *starts, *rest], back=[node("Identity", ["a"], ["out"])])
    yield (
        "space-to-depth",
        model(
            [node("SpaceToDepth", ["data"], ["t"], blocksize=2), first("t")],
            [tensor(wide)],
            back=[node("Identity", ["a"], ["out"])],
        ),
    )
    yield (
        "uint8-input",
        model([node("Cast", ["data"], ["t"], to=TensorProto.FLOAT), first("t")], [tensor(W1)], element=TensorProto.UINT8),
    )
    colours = [node("Conv", ["data", "c"], ["t"]), first("t")]
    yield (
        "colours-first",
        model(colours, [tensor(W1), tensor(np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1)[::-1], "c")]),
    )
    binomial = np.float32([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    blur = [node("Conv", ["data", "c"], ["t"], pads=[1, 1, 1, 1], group=3), first("t")]
    yield "blurred-first", model(blur, [tensor(W1), tensor(np.tile(binomial, (3, 1, 1, 1)), "c")])
    scaled = [node("ImageScaler", ["data"], ["t"], scale=0.5, bias=[0.0, 0.0, 0.0]), first("t")]
    yield "image-scaler", model(scaled, [tensor(W1)], opset=6)
    grouped = [node("Conv", ["data", "w"], ["a"], pads=[1, 1, 1, 1], group=3), node("Identity", ["a"], ["out"])]
    yield "grouped", model(grouped, [tensor(kernel(15, 1))], back=[])
    swapped = [node("Gather", ["data", "bgr"], ["t"], axis=1), first("t")]
    yield "bgr", model(swapped, [tensor(W1), ints(2, 1, 0, name="bgr")])
    coded = [
        node("QuantizeLinear", ["data", "qs", "qz"], ["q"], "com.microsoft"),
        node("QLinearMul", ["q", "qs", "qz", "two", "qs", "qz", "qs", "qz"], ["p"], "com.microsoft"),
        node("DequantizeLinear", ["p", "qs", "qz"], ["t"], "com.microsoft"),
        first("t"),
    ]
    codes = [tensor(np.float32(0.1), "qs"), tensor(np.uint8(9), "qz"), tensor(np.uint8(19), "two")]
    yield "runtime-integers-first", model(coded, [tensor(W1), *codes], domains=["com.microsoft"])
    # A spatial transformer: convolutions of its own say where the image is read.
    looks = [
        node("Conv", ["data", "lw"], ["l"], pads=[1, 1, 1, 1]),
        node("GlobalAveragePool", ["l"], ["p"]),
        node("Flatten", ["p"], ["q"]),
        node("Gemm", ["q", "lf"], ["v"]),
        node("Reshape", ["v", "ts"], ["theta"]),
    ]
    ahead = [
        tensor(kernel(9, 3, 5, [])[:, :, :3, :3], "lw"),
        tensor(random.normal(0, 1, (9, 6)).astype(np.float32), "lf"),
        ints(-1, 2, 3, name="ts"),
        ints(1, 3, SIZE, SIZE, name="gs"),
    ]
    grid = [node("AffineGrid", ["theta", "gs"], ["grid"])]
    sample = node("GridSample", ["data", "grid"], ["t"])
    yield "spatial-transformer", model([*looks, *grid, sample, first("t")], [tensor(W1), *ahead], (1, 3, SIZE, SIZE))
    other = node("grid_sampler", ["data", "grid"], ["t"], "mmcv")
    yield (
        "spatial-transformer-of-mmcv",
        model([*looks, *grid, other, first("t")], [tensor(W1), *ahead], (1, 3, SIZE, SIZE), domains=["mmcv"]),
    )
    offsets = [
        node("Conv", ["data", "ow"], ["o"], pads=[1, 1, 1, 1]),
        node("DeformConv", ["data", "w", "o"], ["a"], pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
    ]
    yield "deformable", model(offsets, [tensor(W1), tensor(kernel(18, 3, 3, []), "ow")])
    # A picture as large as the result of a convolution: that one is still the first.
    sized = [
        first(),
        node("Shape", ["a"], ["as"], start=2),
        node("Resize", ["data", "", "", "as"], ["s"]),
        node("Conv", ["s", "w"], ["a2"], pads=[1, 1, 1, 1]),
        node("Add", ["a", "a2"], ["out"]),
    ]
    yield "image-sized-by-a-layer", model(sized, [tensor(W1)], back=[])
    flipped_input = model([first()], [tensor(W1)])
    flipped_input.graph.input.insert(0, helper.make_tensor_value_info("switch", TensorProto.FLOAT, []))
    yield "second-input", flipped_input


def with_functions():
    """The first layer is in the body of a function, as exporters that keep modules write it."""
    body = [node("Conv", ["x", "k"], ["y"], pads=[1, 1, 1, 1])]
    block = helper.make_function("custom", "Block", ["x", "k"], ["y"], body, [helper.make_opsetid("", 21)], [])
    called = helper.make_node("Block", ["data", "w"], ["a"], name="block", domain="custom")
    within = model([called], [tensor(W1)], domains=("custom",))
    within.functions.append(block)
    yield "function", within


def refused():
    """The first layer cannot be read, and says so."""
    one = random.normal(0, 1, (3, 16, 3, 3)).astype(np.float32)
    yield (
        "transposed-convolution",
        model([node("ConvTranspose", ["data", "w"], ["a"], pads=[1, 1, 1, 1])], [tensor(one)]),
        "ConvTranspose",
    )
    line = [
        node("Reshape", ["data", "s"], ["t"]),
        node("Conv", ["t", "w"], ["c"], pads=[1, 1]),
        node("Reshape", ["c", "back"], ["a"]),
    ]
    yield (
        "one-dimension",
        model(line, [tensor(W1[:, :, 0]), ints(0, 3, -1, name="s"), ints(0, 16, SIZE, SIZE, name="back")]),
        "Conv.*cannot be read: its kernel is .16, 3, 3.",
    )
    cube = [
        node("Unsqueeze", ["data", "x"], ["t"]),
        node("Conv", ["t", "w"], ["c"], pads=[0, 1, 1, 0, 1, 1]),
        node("Squeeze", ["c", "x"], ["a"]),
    ]
    yield "three-dimensions", model(cube, [tensor(W1[:, :, None]), ints(2, name="x")]), "cannot be read: its kernel is"
    patches = [
        node("Reshape", ["data", "s"], ["t"]),
        node("MatMul", ["t", "w"], ["m"]),
        node("Reshape", ["m", "back"], ["a"]),
    ]
    yield (
        "patch-embedding",
        model(
            patches,
            [
                tensor(random.normal(0, 1, (3 * SIZE * SIZE, 16 * SIZE * SIZE)).astype(np.float16)[:, :1].astype(np.float32)),
                ints(0, -1, name="s"),
                ints(0, 1, 1, 1, name="back"),
            ],
        ),
        "is MatMul and no 2-D convolution",
    )
    beside = [
        node("Conv", ["data", "lw"], ["l"], pads=[1, 1, 1, 1]),
        node("Warp", ["data", "l"], ["t"], "com.vendor"),
        first("t"),
    ]
    yield (
        "unknown-takes-the-image-too",
        model(beside, [tensor(W1), tensor(kernel(9, 3, 3, []), "lw")], domains=["com.vendor"]),
        "com.vendor.Warp.*takes the image",
    )
    sampled = [
        node("Conv", ["data", "lw"], ["l"], pads=[1, 1, 1, 1]),
        node("Cast", ["l"], ["where"], to=TensorProto.INT64),
        node("GatherElements", ["data", "where"], ["t"], axis=3),
        first("l"),
    ]
    yield (
        "only-where-to-look",
        model(sampled, [tensor(W1), tensor(kernel(3, 3, 3, []), "lw")]),
        "its result says where the image is read",
    )
    yield "custom", model([node("Stem", ["data"], ["a"], "com.vendor")], [], domains=["com.vendor"]), "com.vendor.Stem"
    yield (
        "custom-convolution",
        model([node("FastConv", ["data", "w"], ["a"], "com.vendor")], [tensor(W1)], domains=["com.vendor"]),
        "com.vendor.FastConv",
    )
    yield (
        "integers-without-scale",
        model(
            [node("ConvInteger", ["data", "w"], ["i"], pads=[1, 1, 1, 1]), node("Cast", ["i"], ["a"], to=1)],
            [tensor(quantised(W1)[0])],
            element=TensorProto.UINT8,
        ),
        "scale",
    )
    unknown = model([node("Conv", ["data", "late"], ["a"], pads=[1, 1, 1, 1])], [])
    unknown.graph.input.append(helper.make_tensor_value_info("late", TensorProto.FLOAT, [16, 3, 3, 3]))
    yield "kernel-as-input", unknown, "input of the model"
    looped = [
        node(
            "Loop",
            ["n", "", "h"],
            ["w"],
            body=helper.make_graph(
                [node("Identity", ["c"], ["c2"]), node("Identity", ["x"], ["x2"])],
                "b",
                [
                    helper.make_tensor_value_info("i", 7, []),
                    helper.make_tensor_value_info("c", 9, []),
                    helper.make_tensor_value_info("x", 1, None),
                ],
                [helper.make_tensor_value_info("c2", 9, []), helper.make_tensor_value_info("x2", 1, None)],
            ),
        ),
        first(),
    ]
    yield "computed-in-a-loop", model(looped, [tensor(W1, "h"), ints(1, name="n")]), "Loop"
    is_large = [node("Size", ["data"], ["n"]), node("Greater", ["n", "one"], ["yes"])]
    yield (
        "in-a-branch",
        model([*is_large, node("If", ["yes"], ["a"], **in_branches())], [tensor(W1), ints(1, name="one")]),
        "If",
    )


def by_onnxruntime(folder):
    """ONNX Runtime's optimiser at each level and its quantisers."""
    import onnxruntime as ort
    from onnxruntime.quantization import (
        CalibrationDataReader,
        QuantFormat,
        QuantType,
        quantize_dynamic,
        quantize_static,
    )

    bn = [
        tensor(values.astype(np.float32), name)
        for values, name in ((np.ones(16), "g"), (np.zeros(16), "be"), (np.zeros(16), "mu"), (np.ones(16), "va"))
    ]
    plain = model(
        [
            node("Conv", ["data", "w"], ["c"], pads=[1, 1, 1, 1]),
            node("BatchNormalization", ["c", "g", "be", "mu", "va"], ["a"]),
        ],
        [tensor(W1), *bn],
        opset=17,
    )
    source = str(folder / "ort-source.onnx")
    onnx.save(plain, source)
    yield "ort-source", DEAD, None
    levels = ort.GraphOptimizationLevel
    for name, level in (
        ("basic", levels.ORT_ENABLE_BASIC),
        ("extended", levels.ORT_ENABLE_EXTENDED),
        ("all", levels.ORT_ENABLE_ALL),
    ):
        options = ort.SessionOptions()
        options.graph_optimization_level = level
        options.optimized_model_filepath = str(folder / f"ort-{name}.onnx")
        options.log_severity_level = 4
        ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        # Level "all" stores kernels in blocks that fit one processor.
        blocked = any(one.domain == "com.microsoft.nchwc" for one in onnx.load(folder / f"ort-{name}.onnx").graph.node)
        yield f"ort-{name}", (None if blocked else DEAD), ("nchwc" if blocked else None)
    quantize_dynamic(source, folder / "ort-dynamic.onnx", weight_type=QuantType.QUInt8)
    yield "ort-dynamic", DEAD, None

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.left = [{"data": random.normal(0, 1, (1, 3, SIZE, SIZE)).astype(np.float32)} for _ in range(4)]

        def get_next(self):
            return self.left.pop() if self.left else None

    for style in ("QDQ", "QOperator"):
        for per_channel in (False, True):
            name = f"ort-static-{style.lower()}-{'channel' if per_channel else 'tensor'}"
            quantize_static(
                source,
                folder / f"{name}.onnx",
                Reader(),
                quant_format=QuantFormat[style],
                per_channel=per_channel,
                weight_type=QuantType.QInt8,
            )
            yield name, DEAD, None
            options = ort.SessionOptions()
            options.optimized_model_filepath = str(folder / f"{name}-all.onnx")
            options.log_severity_level = 4
            ort.InferenceSession(str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
            yield f"{name}-all", DEAD, None
    from onnxruntime.transformers.float16 import convert_float_to_float16

    onnx.save(convert_float_to_float16(plain), folder / "ort-float16.onnx")
    yield "ort-float16", DEAD, None


def by_pytorch(folder):
    """PyTorch's two exporters, the newer one with weights in a file of their own."""
    import logging

    import torch

    logging.disable(logging.WARNING)

    def network(wrapped=lambda layer: layer):
        layer = torch.nn.Conv2d(3, 16, 3, padding=1, bias=False)
        layer.weight.data = torch.from_numpy(W1.copy())
        return torch.nn.Sequential(
            wrapped(layer),
            torch.nn.BatchNorm2d(16),
            torch.nn.PReLU(16),
            torch.nn.Conv2d(16, 8, 3, padding=1),
            torch.nn.Flatten(),
            torch.nn.Linear(8 * SIZE * SIZE, 8),
        ).eval()

    image = torch.zeros(1, 3, SIZE, SIZE)
    torch.onnx.export(network(), (image,), folder / "torch-old.onnx", dynamo=False, opset_version=17)
    yield "torch-old", DEAD, None
    torch.onnx.export(network(), (image,), folder / "torch-new.onnx", dynamo=True, verbose=False)
    yield "torch-new", DEAD, None
    torch.onnx.export(
        network().half(), (image.half(),), folder / "torch-half.onnx", dynamo=True, verbose=False, external_data=False
    )
    yield "torch-half", DEAD, None
    torch.onnx.export(
        network(lambda layer: torch.nn.utils.parametrizations.weight_norm(_alive(layer))),
        (image,),
        folder / "torch-weight-norm.onnx",
        dynamo=True,
        verbose=False,
        external_data=False,
    )
    yield "torch-weight-norm", [], None


def _alive(layer):
    """A filter of zeros has no direction, of which weight norm makes NaN."""
    layer.weight.data[DEAD] = 0.3
    return layer


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for source in (through_constants(), before_the_first(), with_functions()):
        for name, made in source:
            onnx.save(made, folder / f"{name}.onnx")
            found[name] = {"dead": DEAD}
    for name, made, words in refused():
        onnx.save(made, folder / f"{name}.onnx")
        found[name] = {"refused": words}
    for source in (by_onnxruntime, by_pytorch):
        try:
            for name, dead, words in source(folder):
                found[name] = {"refused": words} if words else {"dead": dead}
        except ImportError as error:
            print(f"skipped: {error}", file=sys.stderr)
    (folder / "models.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

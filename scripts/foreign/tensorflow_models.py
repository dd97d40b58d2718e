"""Small Keras, TensorFlow and TensorFlow Lite models as their newest versions write them; and MXNet and Caffe files.

python scripts/foreign/tensorflow_models.py FOLDER writes them with models.json: the filters of each first layer that are
exactly zero, or the words with which the model has to be refused. The outputs are committed: src/exchange/testing/foreign.
"""

import json
import os
import struct
import sys
from pathlib import Path

import numpy as np

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
DEAD = [1, 4]
random = np.random.default_rng(3)


def kernel(filters=6, channels=3, dead=DEAD):
    """[height, width, channels, filters], as TensorFlow has them."""
    weights = random.normal(0, 0.3, (3, 3, channels, filters)).astype(np.float32)
    weights[..., dead] = 0
    return weights


W1 = kernel()
VARIANCE = np.full(6, 4, np.float32)


def keras_models(folder):
    import keras
    import tensorflow as tf

    def network(nested=False, depthwise=False):
        image = keras.Input((8, 8, 3), name="image")
        x = keras.layers.Rescaling(1 / 127.5, -1)(image)
        if depthwise:
            x = keras.layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False, name="stem")(x)
        else:
            x = keras.layers.Conv2D(6, 3, use_bias=False, name="stem")(x)
        x = keras.layers.BatchNormalization(name="stem_bn", epsilon=1e-5)(x)
        x = keras.layers.ReLU()(x)
        if nested:
            image_of_whole = keras.Input((8, 8, 3))
            inner = keras.Model(image, x, name="backbone")
            image, x = image_of_whole, inner(image_of_whole)
        x = keras.layers.Conv2D(4, 3, name="later")(x)
        x = keras.layers.Dense(8)(keras.layers.GlobalAveragePooling2D()(x))
        model = keras.Model(image, x)
        for layer in model._flatten_layers() if hasattr(model, "_flatten_layers") else model.layers:
            if layer.name == "stem":
                layer.set_weights([W1[..., :2] if depthwise else W1])
            if layer.name == "stem_bn":
                layer.set_weights([np.ones(6), np.zeros(6), np.zeros(6), VARIANCE])
        return model

    plain = network()
    plain.save(folder / "keras3.keras")
    yield "keras3.keras", {"dead": DEAD, "batchNorm": True}
    network(nested=True).save(folder / "keras3-nested.keras")
    yield "keras3-nested.keras", {"dead": DEAD, "batchNorm": True}
    plain.save(folder / "keras3.h5")
    yield "keras3.h5", {"dead": DEAD, "batchNorm": True}
    network(nested=True).save(folder / "keras3-nested.h5")
    yield "keras3-nested.h5", {"dead": DEAD, "batchNorm": True}
    plain.save_weights(folder / "keras3.weights.h5")
    yield "keras3.weights.h5", {"dead": DEAD}
    network(depthwise=True).save(folder / "keras3-depthwise.keras")
    yield "keras3-depthwise.keras", {"dead": [1, 3, 5], "batchNorm": True}
    sequential = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(6, 3, name="first"), keras.layers.Conv2D(4, 3)])
    sequential.layers[0].set_weights([W1, np.zeros(6)])
    sequential.save(folder / "sequential.keras")
    yield "sequential.keras", {"dead": DEAD}
    across = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2DTranspose(6, 3, name="up"), keras.layers.Conv2D(4, 3)]
    )
    across.save(folder / "transposed.keras")
    yield "transposed.keras", {"refused": 'first convolution, "up" .Conv2DTranspose., cannot be read'}

    converter = tf.lite.TFLiteConverter.from_keras_model(plain)
    (folder / "float.tflite").write_bytes(converter.convert())
    yield "float.tflite", {"dead": DEAD}
    converter = tf.lite.TFLiteConverter.from_keras_model(plain)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]
    (folder / "half.tflite").write_bytes(converter.convert())
    yield "half.tflite", {"dead": DEAD}
    converter = tf.lite.TFLiteConverter.from_keras_model(plain)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    (folder / "dynamic.tflite").write_bytes(converter.convert())
    yield "dynamic.tflite", {"dead": DEAD}
    converter = tf.lite.TFLiteConverter.from_keras_model(plain)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([random.random((1, 8, 8, 3)).astype(np.float32)] for _ in range(4))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.uint8
    (folder / "int8.tflite").write_bytes(converter.convert())
    yield "int8.tflite", {"dead": DEAD}
    converter = tf.lite.TFLiteConverter.from_keras_model(network(depthwise=True))
    (folder / "depthwise.tflite").write_bytes(converter.convert())
    yield "depthwise.tflite", {"dead": [1, 3, 5]}
    converter = tf.lite.TFLiteConverter.from_keras_model(across)
    (folder / "transposed.tflite").write_bytes(converter.convert())
    yield "transposed.tflite", {"refused": "TRANSPOSE_CONV"}

    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    function = tf.function(lambda x: plain(x, training=False)).get_concrete_function(tf.TensorSpec((None, 8, 8, 3), tf.float32))
    frozen = convert_variables_to_constants_v2(function)
    (folder / "frozen.pb").write_bytes(frozen.graph.as_graph_def().SerializeToString())
    # TensorFlow takes batch norm apart into products and sums.
    yield "frozen.pb", {"dead": DEAD, "batchNorm": True}


def ndarray(values, half=False):
    """An NDArray of MXNet 1.x: version 2, dense, on the processor."""
    kind = 2 if half else 0
    head = struct.pack("<Iii", 0xF993FAC9, 0, values.ndim) + struct.pack(f"<{values.ndim}q", *values.shape)
    return head + struct.pack("<iii", 1, 0, kind) + values.astype(np.float16 if half else np.float32).tobytes()


def mxnet_params(arrays, half=False):
    out = struct.pack("<QQQ", 0x112, 0, len(arrays)) + b"".join(ndarray(values, half) for values in arrays.values())
    names = [name.encode() for name in arrays]
    return out + struct.pack("<Q", len(names)) + b"".join(struct.pack("<Q", len(name)) + name for name in names)


def mxnet_models(folder):
    oihw = W1.transpose(3, 2, 0, 1)
    arrays = {
        "arg:conv0_weight": oihw,
        "arg:bn0_gamma": np.full(6, 9, np.float32),
        "arg:bn0_beta": np.zeros(6, np.float32),
        "arg:conv1_weight": kernel(4, 6, []).transpose(3, 2, 0, 1),
        "aux:bn0_moving_mean": np.zeros(6, np.float32),
        "aux:bn0_moving_var": VARIANCE,
    }
    nodes = [
        ("null", "data", {}, []),
        ("null", "mean", {}, []),
        ("_minus_scalar", "_minusscalar0", {"scalar": "127.5"}, [0]),
        ("_mul_scalar", "_mulscalar0", {"scalar": "0.0078125"}, [2]),
        ("null", "conv0_weight", {}, []),
        ("Convolution", "conv0", {"kernel": "(3, 3)", "num_filter": "6", "no_bias": "True"}, [3, 4]),
        ("null", "bn0_gamma", {}, []),
        ("null", "bn0_beta", {}, []),
        ("null", "bn0_moving_mean", {}, []),
        ("null", "bn0_moving_var", {}, []),
        ("BatchNorm", "bn0", {"eps": "2e-05", "fix_gamma": "True"}, [5, 6, 7, 8, 9]),
        ("null", "conv1_weight", {}, []),
        ("Convolution", "conv1", {"kernel": "(3, 3)", "num_filter": "4", "no_bias": "True"}, [10, 11]),
    ]
    symbol = {
        "nodes": [
            {"op": op, "name": name, "attrs": attrs, "inputs": [[at, 0, 0] for at in inputs]}
            for op, name, attrs, inputs in nodes
        ]
    }
    (folder / "mxnet-symbol.json").write_text(json.dumps(symbol))
    (folder / "mxnet-0000.params").write_bytes(mxnet_params(arrays))
    yield "mxnet-0000.params", {"dead": DEAD, "batchNorm": True}
    # With fix_gamma MXNet itself stores ones.
    alone = {**arrays, "arg:bn0_gamma": np.ones(6, np.float32)}
    (folder / "alone-0001.params").write_bytes(mxnet_params(alone, half=True))
    yield "alone-0001.params", {"dead": DEAD, "batchNorm": True}


def field(number, payload):
    """A protobuf field: bytes and texts with their length, whole numbers as varints."""
    if isinstance(payload, int):
        return varint(number << 3) + varint(payload)
    payload = payload.encode() if isinstance(payload, str) else payload
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def blob(values, old=False):
    shape = (
        b"".join(field(n + 1, size) for n, size in enumerate(values.shape))
        if old
        else field(7, field(1, b"".join(map(varint, values.shape))))
    )
    return shape + field(5, values.astype(np.float32).tobytes())


def caffe_models(folder):
    oihw, later = W1.transpose(3, 2, 0, 1), kernel(4, 6, []).transpose(3, 2, 0, 1)

    def layer(name, kind, bottom, top, *blobs):
        links = b"".join(field(3, one) for one in bottom) + field(4, top)
        return field(100, field(1, name) + field(2, kind) + links + b"".join(field(7, blob(one)) for one in blobs))

    net = field(1, "face") + layer("data", "Input", [], "data") + layer("conv1", "Convolution", ["data"], "conv1", oihw)
    net += layer("bn1", "BatchNorm", ["conv1"], "conv1", np.zeros(6), VARIANCE * 2, np.full(1, 2))
    net += layer("scale1", "Scale", ["conv1"], "conv1", np.full(6, 3.0), np.zeros(6)) + layer(
        "relu1", "PReLU", ["conv1"], "conv1", np.zeros(6)
    )
    net += layer("conv2", "Convolution", ["conv1"], "conv2", later)
    (folder / "face.caffemodel").write_bytes(net)
    yield "face.caffemodel", {"dead": DEAD, "batchNorm": True}

    def old(name, kind, bottom, top, *blobs):
        return field(
            2,
            field(2, bottom)
            + field(3, top)
            + field(4, name)
            + field(5, kind)
            + b"".join(field(6, blob(one, True)) for one in blobs),
        )

    (folder / "old.caffemodel").write_bytes(
        field(1, "face")
        + old("conv1", 4, "data", "conv1", oihw)
        + old("relu1", 18, "conv1", "conv1")
        + old("conv2", 4, "conv1", "conv2", later)
    )
    yield "old.caffemodel", {"dead": DEAD}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for source in (mxnet_models, caffe_models, keras_models):
        try:
            found.update({name: {"file": name, **answer} for name, answer in source(folder)})
        except ImportError as error:
            print(f"skipped: {error}", file=sys.stderr)
    (folder / "models.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

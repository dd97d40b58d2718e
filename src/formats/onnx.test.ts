import { describe, expect, it } from 'vitest';
import { readOnnx } from './onnx.ts';
import { pythonWith } from './testing/python.ts';

/**
 * A model as Python's onnx writes it: weights as raw bytes, as a list of floats, as halves and doubles, and in Constant
 * nodes.
 */
const SCRIPT = `
import sys, numpy, onnx
from onnx import helper, numpy_helper, TensorProto
values = numpy.arange(8, dtype=numpy.float32).reshape(2, 4) / 8
weights = [
    numpy_helper.from_array(values, "raw"),
    helper.make_tensor("listed", TensorProto.FLOAT, [2, 4], values.flatten().tolist()),
    numpy_helper.from_array(values.astype(numpy.float16), "half"),
    numpy_helper.from_array(values.astype(numpy.float64), "double"),
    numpy_helper.from_array(numpy.array([1, -2], dtype=numpy.int64), "whole"),
    helper.make_tensor("listed-half", TensorProto.FLOAT16, [2, 4], values.flatten().tolist()),
]
constant = helper.make_node("Constant", [], ["constant"], value=numpy_helper.from_array(values, "v"))
conv = helper.make_node("Conv", ["x", "raw"], ["y"], name="c", strides=[2, 2], auto_pad="VALID")
inputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [2, 4]) for n in ("x", "raw")]
outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)]
graph = helper.make_graph([constant, conv], "g", inputs, outputs, weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("com.other", 1), helper.make_opsetid("", 13)])
helper.set_model_props(model, {"key": "value"})
sys.stdout.buffer.write(model.SerializeToString())
`;

const python = pythonWith('onnx');

describe.skipIf(python.command === undefined)(`models as Python's onnx writes them${python.skipped}`, () => {
  it('are read with every kind of weight', () => {
    const model = readOnnx(python.run(['-c', SCRIPT]));
    expect(model).toMatchObject({ opset: 13, inputs: [{ name: 'x', shape: [2, 4] }], outputs: [{ name: 'y' }] });
    expect(model.metadata.get('key')).toBe('value');
    const expected = Float32Array.from({ length: 8 }, (_, i) => i / 8);
    for (const name of ['raw', 'listed', 'half', 'listed-half', 'double']) {
      const tensor = model.tensors.get(name) ?? expect.fail(`no ${name}`);
      expect(tensor.shape).toEqual([2, 4]);
      expect(new Float32Array(tensor.values())).toEqual(expected);
    }
    const whole = model.tensors.get('whole') ?? expect.fail('no whole numbers');
    expect([whole.type, ...whole.values()]).toEqual(['I64', 1, -2]);
    const constant = model.nodes[0]?.attributes.get('value')?.tensor;
    expect(new Float32Array(constant?.values() ?? [])).toEqual(expected);
    const node = model.nodes.find(({ operator }) => operator === 'Conv');
    expect(node?.attributes.get('strides')?.ints).toEqual([2, 2]);
    expect(node?.attributes.get('auto_pad')?.text).toBe('VALID');
  });
});

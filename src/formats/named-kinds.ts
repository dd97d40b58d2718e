import { begins, textOf } from './kind-bytes.ts';
import type { ModelKind } from './model-kinds.ts';

const TO_ONNX = 'Export the model as ONNX from the framework that trained it.';

/**
 * Kinds of models that are not read, and files that are taken for models: each with the way to a format that is read. The
 * order counts: of two that may be, the first is taken.
 */
export const NAMED_KINDS = [
  {
    id: 'torch-tar',
    label: 'checkpoint of PyTorch 0.1',
    looksLike: (start) =>
      begins(start, 'ustar', 257) && /^(\.\/)?(sys_info|pickle|storages|tensors)\0/.test(textOf(start)),
    convert: 'Load it with torch.load of PyTorch 0.4 to 2, and save it again with torch.save.',
  },
  {
    id: 'git-lfs',
    label: 'Git LFS pointer',
    looksLike: (start) => begins(start, 'version https://git-lfs'),
    convert: 'It only names the model. Fetch the model with "git lfs pull", or download it again from its page.',
  },
  {
    id: 'web-page',
    label: 'saved web page',
    looksLike: (start) => /^\s*(<!doctype html|<html|<head)/i.test(textOf(start)),
    convert: 'A server sent a page in place of the model. Open the link in a browser and download the model itself.',
  },
  {
    id: 'compressed',
    label: 'compressed file',
    looksLike: (start) =>
      begins(start, '\u001f\u008b') ||
      begins(start, '7z\u00bc\u00af') ||
      begins(start, 'Rar!') ||
      begins(start, 'BZh') ||
      begins(start, '\u00fd7zXZ') ||
      begins(start, '\u0028\u00b5\u002f\u00fd') ||
      begins(start, 'ustar', 257),
    convert: 'Unpack it and choose the model inside.',
  },
  {
    id: 'openvino',
    label: 'OpenVINO model',
    looksLike: (start) => /^\s*(<\?xml[^>]*>\s*)?<net\s/.test(textOf(start)),
    convert: 'Choose the ONNX, TensorFlow or PyTorch model that it was converted from.',
  },
  {
    id: 'ncnn',
    label: 'ncnn model',
    looksLike: (start) => /^7767517\s/.test(textOf(start)),
    convert: 'Choose the ONNX or PyTorch model that it was converted from.',
  },
  {
    id: 'torch-distributed',
    label: 'part of a distributed PyTorch checkpoint',
    looksLike: (start, name) => /\.distcp$/.test(name) || (/(^|\/)\.metadata$/.test(name) && start[0] === 0x80),
    convert: 'Join its parts with "python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER model.pt".',
  },
  {
    id: 'torch7',
    label: 'Torch7 model',
    looksLike: (start, name) => begins(start, '\u0004\0\0\0\u0001\0\0\0\u0003\0\0\0V 1') || /\.t7$/i.test(name),
    convert: 'Load it with torchfile or load_lua of PyTorch 0.4, and save its weights with torch.save.',
  },
  {
    id: 'dlib',
    label: 'dlib model',
    looksLike: (start, name) => /\.dat$/i.test(name) && (start[0] ?? 0) < 16,
    convert: 'dlib writes its networks as XML with net_to_xml; build the network from it and export ONNX.',
  },
  {
    id: 'onnx-runtime',
    label: 'ONNX Runtime .ort model',
    looksLike: (start) => begins(start, 'ORTM', 4),
    certain: true,
    convert: 'Choose the .onnx model that it was made from.',
  },
  {
    id: 'tensorrt',
    label: 'TensorRT engine',
    looksLike: (start, name) => begins(start, 'ptrt') || begins(start, 'ftrt') || /\.(engine|trt|plan)$/i.test(name),
    convert: 'Choose the .onnx model that it was built from.',
  },
  {
    id: 'core-ml',
    label: 'Core ML model',
    looksLike: (_, name) => /\.mlmodel$/i.test(name),
    convert: TO_ONNX,
  },
  {
    id: 'saved-model',
    label: 'TensorFlow SavedModel',
    looksLike: (start, name) => /(^|\/)saved_model\.pb$/.test(name) && start[0] === 8,
    convert: 'Convert its folder with "python -m tf2onnx.convert --saved-model FOLDER --output model.onnx".',
  },
  {
    id: 'tensorflow-checkpoint',
    label: 'TensorFlow checkpoint',
    looksLike: (_, name) => /\.(data-\d+-of-\d+|meta)$/.test(name),
    convert:
      'Freeze the graph, or convert it with "python -m tf2onnx.convert --checkpoint FILE.meta --output model.onnx".',
  },
  {
    id: 'paddle-program',
    label: 'Paddle inference program',
    looksLike: (_, name) => /\.pdmodel$/i.test(name),
    convert: 'Convert it with paddle2onnx, or choose the .pdparams file with its weights.',
  },
  {
    id: 'flax',
    label: 'Flax msgpack file',
    // A map of few entries, the first of which is called "params" or "batch_stats".
    looksLike: (start) => ((start[0] ?? 0) & 0xf0) === 0x80 && /^.(\xa6params|\xabbatch_stats)/s.test(textOf(start)),
    convert: 'Restore it with flax.serialization.msgpack_restore, and save the arrays with numpy.savez or safetensors.',
  },
  {
    id: 'orbax',
    label: 'Orbax checkpoint',
    looksLike: (_, name) => /(^|\/)(_CHECKPOINT_METADATA|_METADATA|manifest\.ocdbt)$/.test(name),
    convert: 'Restore it with orbax.checkpoint, and save the arrays with numpy.savez or safetensors.',
  },
  {
    id: 'joblib',
    label: 'joblib file',
    looksLike: (start, name) =>
      /\.joblib$/i.test(name) || begins(start, 'ZF') || textOf(start).includes('joblib.numpy_pickle'),
    convert: 'Load it with joblib, and save its arrays with numpy.savez.',
  },
  {
    id: 'matlab',
    label: 'MATLAB file',
    looksLike: (start) => begins(start, 'MATLAB 5.0 MAT-file') || begins(start, 'MATLAB 7.3 MAT-file'),
    convert: 'Load it with scipy.io.loadmat or h5py, and save its arrays with numpy.savez.',
  },
  {
    id: 'opencv',
    label: 'OpenCV file',
    looksLike: (start) => /^\s*(%YAML:1\.0|(<\?xml[^>]*>\s*)?<opencv_storage>)/.test(textOf(start)),
    convert: 'It holds a classic detector or recogniser without convolutions. Choose a network.',
  },
  {
    id: 'error-page',
    label: "server's error message",
    looksLike: (start) => /^\s*(<\?xml[^>]*>\s*)?<Error>/.test(textOf(start)),
    convert: 'A server sent a message in place of the model. Open the link in a browser and download the model itself.',
  },
  {
    id: 'gguf',
    label: 'GGUF model',
    looksLike: (start) => begins(start, 'GGUF'),
    convert: 'Choose the PyTorch or safetensors model that it was converted from.',
  },
  {
    id: 'darknet',
    label: 'Darknet model',
    looksLike: (start, name) =>
      (/\.weights$/i.test(name) && begins(start, '\0\0\0\0')) || /^\s*\[net(work)?\]/.test(textOf(start)),
    convert: 'Convert its .cfg and .weights to ONNX or PyTorch.',
  },
  {
    id: 'caffe-text',
    label: 'description of a Caffe network without its weights',
    looksLike: (start, name) =>
      /\.prototxt$/i.test(name) || /^\s*name: "[^"]*"\s+(layers?|input|force_backward)\b/.test(textOf(start)),
    convert: 'Choose its .caffemodel.',
  },
  {
    id: 'graph-text',
    label: 'model written as text',
    looksLike: (start, name) =>
      /\.(pbtxt|textproto|onnxtxt)$/i.test(name) || /^\s*(node \{|ir_version:|<\s*ir_version:)/.test(textOf(start)),
    convert: 'Save it in its binary form: .onnx, or .pb.',
  },
  {
    id: 'mnn',
    label: 'MNN model',
    looksLike: (_, name) => /\.mnn$/i.test(name),
    convert: 'Choose the ONNX model that it was converted from.',
  },
  {
    id: 'rknn',
    label: 'RKNN model',
    looksLike: (start, name) => begins(start, 'RKNN') || /\.rknn$/i.test(name),
    convert: 'Choose the ONNX model that it was converted from.',
  },
  {
    id: 'executorch',
    label: 'ExecuTorch program',
    looksLike: (start) => begins(start, 'ET12', 4),
    convert: 'Choose the PyTorch model that it was exported from.',
  },
] as const satisfies readonly (Omit<ModelKind, 'id'> & { readonly id: string; readonly convert: string })[];

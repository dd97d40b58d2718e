/** A model that ONNX Runtime opens, but that does not turn an image of a face into an embedding. */
export class OnnxProblem extends Error {
  override readonly name = 'OnnxProblem';
  readonly code = 'not-a-face-model';
  readonly hint =
    'Drop a face-recognition model with one input [N, 3, S, S] or [N, S, S, 3] and an embedding as its output.';
}

/** A model whose run needs more memory than it may take, at least with so many images. */
export class OnnxMemoryProblem extends OnnxProblem {}

import { z } from 'zod';
import type { Budget } from '../../formats/budget.ts';
import { readJson } from '../../formats/json.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { parseManifest, readTfjsWeights } from '../../formats/tfjs-weights.ts';
import { convolutionsOf } from './compute-graph.ts';
import { layersNodes, weightsByPath } from './keras-layers.ts';
import type { ModelTensors } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';
import { graphNodes } from './tensorflow-graph.ts';

const graphSchema = z.object({
  node: z.array(
    z.object({
      name: z.string(),
      op: z.string(),
      input: z.array(z.string()).default([]),
      attr: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

/**
 * The convolutions of a TensorFlow.js model: layers and graph models by their topology, a bare weights manifest (as
 * face-api's) by its names. Undefined where the file is no model.json and no manifest.
 * @throws ModelProblem, FormatProblem
 */
export function readTfjsFile(
  bytes: Uint8Array,
  shardOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): Omit<ModelTensors, 'file' | 'others'> | undefined {
  const json = readJson(bytes, budget);
  const manifest = parseManifest(manifestOf(json));
  if (manifest === undefined) return undefined;
  const tensors = readTfjsWeights(manifest, shardOf, budget);
  const topology = z.object({ modelTopology: z.unknown() }).safeParse(json).data?.modelTopology;
  if (topology === undefined || topology === null) {
    return {
      format: 'tfjs-weights',
      order: 'names',
      ...convolutionsByName(tensors, { budget, layout: 'HWIO', ordered: true }),
    };
  }
  const graph = graphSchema.safeParse(topology);
  if (graph.success) {
    const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    const nodes = graphNodes(graph.data.node, (name) => byName.get(name), budget);
    return { format: 'tfjs-graph', order: 'graph', ...convolutionsOf(nodes, budget) };
  }
  const nodes = layersNodes(topology, weightsByPath(tensors));
  if (nodes !== undefined) return { format: 'tfjs-layers', order: 'graph', ...convolutionsOf(nodes, budget) };
  throw new FormatProblem(
    'inconsistent',
    'The TensorFlow.js model is damaged: its topology is neither layers nor a graph.',
    'Export it again.',
  );
}

function manifestOf(json: unknown): unknown {
  if (Array.isArray(json)) return json;
  return z.object({ weightsManifest: z.unknown() }).safeParse(json).data?.weightsManifest;
}

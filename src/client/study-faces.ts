import { ProblemError } from '../config/problem.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { StudyFaces, StudyPlan } from '../study/plan.ts';
import { planText } from '../study/plan-file.ts';
import type { Command, ImportFile, Message, PackedStudy } from '../worker/protocol.ts';
import type { RunClient } from './run-client.ts';

/** The user's own faces that a study trains on. */
export interface OwnFaces {
  readonly name: string;
  readonly files: readonly ImportFile[];
}

type Answer = Extract<Message, { readonly type: 'faces-described' | 'study-packed' }>;
type Question = Extract<Command, { readonly type: 'describe-faces' | 'pack-study' }>;

let count = 0;

/** Faces that a worker has drawn or read for a config. */
export type ReadyFaces = Omit<Extract<Command, { readonly type: 'use-faces' }>, 'type'>;

/** Gives a client the files of a study's own faces; drawn ones it draws itself. */
export function giveFaces(client: RunClient, config: RunConfig, own: OwnFaces | undefined): void {
  if (config.faces === 'own' && own !== undefined) {
    client.post({ type: 'import-faces', requestId: `study-faces-${++count}`, ...own, config });
  }
}

/**
 * The faces that a plan's own settings choose, after the client has drawn or read them, and their entry in study.json;
 * without an entry where the browser computes no digest.
 * @throws ProblemError where they cannot be read
 */
export async function facesOfStudy(
  client: RunClient,
  config: RunConfig,
  own: OwnFaces | undefined,
): Promise<{ readonly about: StudyFaces | undefined; readonly ready: ReadyFaces }> {
  const answer = await ask(client, (requestId) => ({ type: 'describe-faces', requestId, config }));
  if (answer.type !== 'faces-described') throw new Error(`The worker answered with "${answer.type}".`);
  const { digest, identities, images, faces } = answer.faces;
  const name = config.faces === 'own' ? (own?.name ?? '') : 'synthetic';
  const about = digest === undefined ? undefined : { name, identities, images, digest };
  return { about, ready: { config, faces, ...(config.faces === 'own' && own !== undefined ? { own } : {}) } };
}

/** A study's files for a cluster as one .zip; the client has been given its faces. @throws ProblemError */
export async function packedStudy(
  client: RunClient,
  plan: StudyPlan,
  filesOf: (evaluation: StudyPlan['evaluations'][number]) => readonly ImportFile[],
): Promise<PackedStudy> {
  const files = plan.evaluations.map((evaluation) => ({ data: evaluation.data, files: filesOf(evaluation) }));
  const answer = await ask(client, (requestId) => ({ type: 'pack-study', requestId, plan: planText(plan), files }));
  if (answer.type === 'study-packed') return answer;
  throw new Error(`The worker answered with "${answer.type}".`);
}

function ask(client: RunClient, question: (requestId: string) => Question): Promise<Answer> {
  const requestId = `study-${++count}`;
  return new Promise((resolve, reject) => {
    const end = client.subscribe((message) => {
      const mine = 'requestId' in message && message.requestId === requestId;
      if (message.type === 'engine-failed' || (mine && message.type === 'study-failed')) {
        end();
        const { code, message: text, hint } = message.failure;
        reject(new ProblemError(code, text, hint));
      } else if (mine && (message.type === 'faces-described' || message.type === 'study-packed')) {
        end();
        resolve(message);
      }
    });
    client.post(question(requestId));
  });
}

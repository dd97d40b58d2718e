import type { SeenFace } from '../../../craft/response.ts';
import { drawFigure } from '../../../record/figures/figures.ts';
import type { MeasuredRun } from '../../../record/measured-run.ts';
import { paintDrawing } from '../../kit/png-file.ts';
import { filmSteps } from './film-steps.ts';

/** Milliseconds a frame is shown, and the last one. */
const FRAME = 100;
const LAST_FRAME = 1500;

/** The formats that browsers can write, the best first: Safari writes no WebM. */
const TYPES = [
  { type: 'video/webm;codecs=vp9', ending: 'webm' },
  { type: 'video/webm', ending: 'webm' },
  { type: 'video/mp4', ending: 'mp4' },
] as const;

/**
 * A film of both walls over the run: the weights above, the responses to `face` below. It is written while it plays,
 * some ten seconds; `progress` receives the share that is done.
 * @throws Error where the browser writes no films, or the run has no kernels to show
 */
export async function filmOf(
  run: MeasuredRun,
  name: string,
  face: SeenFace,
  progress: (share: number) => void,
): Promise<{ readonly name: string; readonly content: Blob }> {
  const kind = TYPES.find(({ type }) => typeof MediaRecorder !== 'undefined' && MediaRecorder.isTypeSupported(type));
  if (kind === undefined) throw new Error('This browser writes no films. Chrome, Edge, Firefox and Safari 14.1 do.');
  const steps = filmSteps(run);
  const first = steps[0];
  if (first === undefined) throw new Error('There are no filters to show yet: the run has not started.');
  const drawingsAt = (step: number) =>
    [drawFigure('filter-walls', run, name, { step }), drawFigure('response-walls', run, name, { step, face })] as const;
  const canvas = document.createElement('canvas');
  const [above, below] = drawingsAt(first);
  // Some encoders take even sizes only.
  canvas.width = 2 * Math.ceil(above.width / 2);
  canvas.height = 2 * Math.ceil((above.height + below.height) / 2);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gave no canvas to draw on.');

  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: kind.type, videoBitsPerSecond: 8_000_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise<void>((resolve, reject) => {
    recorder.onstop = () => resolve();
    recorder.onerror = () => reject(new Error('The browser could not write the film.'));
  });
  recorder.start();
  for (const [place, step] of steps.entries()) {
    const [walls, responses] = drawingsAt(step);
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    paintDrawing(walls, context);
    context.save();
    context.translate(0, walls.height);
    paintDrawing(responses, context);
    context.restore();
    progress((place + 1) / steps.length);
    await new Promise((resolve) => setTimeout(resolve, place === steps.length - 1 ? LAST_FRAME : FRAME));
  }
  recorder.stop();
  await ended;
  return { name: `walls-step-${run.step}.${kind.ending}`, content: new Blob(parts, { type: kind.type }) };
}

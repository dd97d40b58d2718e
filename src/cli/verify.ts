import { parseArgs } from 'node:util';
import { readConfig } from '../config/read-config.ts';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { terminalLine } from '../formats/outside-text.ts';
import { openEngine } from '../network/backend.ts';
import { scoreNetworks } from '../training/score-benchmark.ts';
import { hasBalancedFolds } from '../verification/pair-order.ts';
import { pairsReport } from '../verification/report.ts';
import { verification } from '../verification/scored-pairs.ts';
import { sentenceOf } from '../verification/significance.ts';
import type { InputCoding } from '../worker/verification/protocol.ts';
import { UsageError } from './arguments.ts';
import { runCommand } from './command.ts';
import { type EmbeddedPairs, interleaved, namesOf, readEmbeddedPairs } from './embeddings-file.ts';
import { readWhole, tryResult, writeWhole } from './files.ts';
import { print } from './terminal.ts';
import { verificationData } from './verification-data.ts';
import { type OnnxAbout, verifiedNetworks } from './verified-networks.ts';
import { modelReport, summaryOf } from './verify-model.ts';

/*
 * npm run verify -- --embeddings FILE.npz [--against FILE.npz] [--interleave] [--json FILE]
 * npm run verify -- --model RUN.zip --data FILE.bin|FOLDER|FILE.rec|synthetic:lfw [--set NAME] [--arm NAME] [--json FILE]
 */
const USAGE = `npm run verify -- --embeddings FILE.npz [--against FILE.npz] [--interleave] [--json FILE]
npm run verify -- --model RUN.zip|FILE.onnx --data FILE.bin|FOLDER|FILE.rec|synthetic:lfw [--set NAME]
               [--arm NAME] [--output NAME] [--scaling auto] [--colours RGB] [--pairs N] [--test-seed N] [--interleave] [--json FILE]

Scores embeddings made anywhere by the protocol of LFW, CFP-FP, AgeDB-30, CALFW and CPLFW. The file holds the arrays
"original" and "flipped" [2N, D] float32 (or "embs" and "embs_f", or one of them alone), rows 2k and 2k + 1 being pair k,
or "embeddings1" and "embeddings2" [N, D]; and "issame" [N]; "identities" [2N] is optional. --against scores a second file of the same pairs and says whether the first is better.

--model embeds with the arms of a run instead, and says with both whether CRAFT is better; or with any ONNX model of a
face network, or the one in a .zip or folder that looks most like one. --scaling (auto, 127.5, 128, 0-255, 0-1) and
--colours (RGB, BGR) say how a byte goes into an ONNX model; auto looks for a normalisation in its graph. --output names
the embedding of an ONNX model that has several; else the output that looks most like one is taken. --data is recognised by its
content: an InsightFace .bin, an IJB-B or IJB-C folder (meta and loose_crop), a folder or .zip with one folder a person,
a .rec with its .idx beside it, or a drawn benchmark. Of a folder with several sets, as CFP's protocols CFP-FF and CFP-FP,
--set names one. From people and for drawn ones --pairs (default 6000) are drawn;
--test-seed (default 1) decides which, so that runs of different seeds are tested alike.
--interleave puts same and different pairs in turn, for files that hold a single fold.`;

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    print(USAGE);
    return;
  }
  const given = readVerifyArguments(argv);
  if (given.json !== undefined) tryResult(given.json, [given.model, given.data, given.embeddings, given.against]);
  refuseMixed(given);
  if (given.model !== undefined) return verifyModel(given);
  const { embeddings, against, json, interleave } = given;
  if (embeddings === undefined)
    throw new UsageError('Name the embeddings or the model to score: --embeddings FILE.npz, or --model RUN.zip.');
  const read = (path: string) => {
    const inFile = readEmbeddedPairs(readWhole(path));
    return interleave === true ? interleaved(inFile) : inFile;
  };
  const pairs = read(embeddings);
  const report = { ...pairsReport(pairs.distances, pairs.same), dimension: pairs.dimension, meanNorm: pairs.meanNorm };
  const other = against === undefined ? undefined : read(against);
  const comparison = other && against ? compared(pairs, other, ...namesOf(embeddings, against)) : undefined;
  print(pairs.read);
  if (!hasBalancedFolds(pairs.same)) print(UNBALANCED);
  print(summaryOf(report));
  if (comparison !== undefined) print(comparison.sentence);
  writeJson(json, comparison === undefined ? report : { ...report, comparison });
}

const UNBALANCED = 'The ten folds expect balanced blocks of pairs, and this file has none: add --interleave.';

const OF_EMBEDDINGS = ['embeddings', 'against'] as const;
const OF_MODELS = ['data', 'set', 'arm', 'output', 'scaling', 'colours', 'pairs', 'test-seed'] as const;

/** @throws UsageError for flags that would be ignored */
function refuseMixed(given: ReturnType<typeof readVerifyArguments>): void {
  const kind = (['model', 'embeddings'] as const).find((flag) => given[flag] !== undefined);
  const others = kind === 'model' ? OF_EMBEDDINGS : OF_MODELS;
  const odd = others.filter((flag) => given[flag] !== undefined).map((flag) => `--${flag}`);
  if (kind === undefined || odd.length === 0) return;
  throw new UsageError(
    `${odd.join(', ')} ${odd.length === 1 ? 'does' : 'do'} not go with --${kind}; leave ${odd.length === 1 ? 'it' : 'them'} out.`,
  );
}

/** Scores the arms of a run on a data set, and compares them where there are two. */
async function verifyModel(given: ReturnType<typeof readVerifyArguments>) {
  const { model = '', data, set, arm, output, pairs, interleave, json } = given;
  const seed = testSeed(given['test-seed']);
  if (data === undefined)
    throw new UsageError('Name the pairs to verify on: --data FILE.bin, a folder, or synthetic:lfw.');
  await openEngine({ preference: 'wasm' });
  const opened = await verifiedNetworks(model, { arm, output, coding: codingOf(given) });
  const { networks, size, region, about } = opened;
  const { source, found } = await verificationData(data, { size, region, pairs: pairCount(pairs), seed, set });
  const scored = await scoreNetworks(networks, source, { progress: showProgress(source.name) });
  await opened.dispose();
  const scores = modelReport(source, scored, interleave === true);
  const report = about === undefined ? scores : { ...scores, model: about };
  if (about !== undefined) print(sentenceAbout(about));
  if (about?.doubt !== undefined) print(`${about.doubt} Name them with --scaling.`);
  print(found);
  if (source.kind === 'pairs' && !report.balancedFolds) {
    print(UNBALANCED);
  }
  for (const [name, one] of Object.entries(report.arms)) print(`\n${name}: ${summaryOf(one)}`);
  if (report.comparison !== undefined) print(`\n${report.comparison.sentence}`);
  // With one arm its figures are also at the top, as those of --embeddings do.
  const [only, ...others] = Object.values(report.arms);
  writeJson(json, others.length === 0 ? { ...report, ...only } : report);
}

const SCALINGS = {
  auto: '',
  '127.5': '(x - 127.5) / 127.5',
  '128': '(x - 127) / 128',
  '0-255': '0 to 255',
  '0-1': 'x / 255',
};

function codingOf({ scaling = 'auto', colours = 'RGB' }: ReturnType<typeof readVerifyArguments>): InputCoding {
  if (!isScaling(scaling))
    throw new UsageError(`--scaling takes ${Object.keys(SCALINGS).join(', ')}, not "${scaling}".`);
  if (colours !== 'RGB' && colours !== 'BGR') throw new UsageError(`--colours takes RGB or BGR, not "${colours}".`);
  return { scaling, colours };
}

function isScaling(text: string): text is InputCoding['scaling'] {
  return text in SCALINGS;
}

function sentenceAbout({ file, image, output, dimension, batch, coding, asked }: OnnxAbout): string {
  const why = asked ? ', as its graph normalises' : '';
  return `${file}: ${image}, input ${SCALINGS[coding.scaling]} ${coding.colours}${why}; embedding "${output}" of ${dimension} numbers, ${batch === 1 ? 'one image' : `${batch} images`} a run`;
}

function pairCount(text = '6000'): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 20 && count <= 1_000_000) return count;
  throw new UsageError(`--pairs takes a whole number from 20 to 1000000, not "${text}".`);
}

function testSeed(text = String(DEFAULT_CONFIG.testSeed)): number {
  const { config, notices } = readConfig({ testSeed: text });
  if (notices[0] !== undefined) throw new UsageError(`--test-seed. ${notices[0].refusal}`);
  return config.testSeed;
}

/** A line that counts images on a terminal; IJB-C has 469,375. */
function showProgress(name: string): (done: number, total: number) => void {
  return (done, total) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${terminalLine(name)}: ${done} of ${total} images${done === total ? '\n' : ''}`);
  };
}

function writeJson(path: string | undefined, value: unknown): void {
  if (path !== undefined) writeWhole(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

function readVerifyArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: argv.filter((arg) => arg !== '--'),
      options: {
        embeddings: text,
        against: text,
        model: text,
        data: text,
        set: text,
        arm: text,
        output: text,
        scaling: text,
        colours: text,
        pairs: text,
        'test-seed': text,
        json: text,
        interleave: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The first file next to the second one, on the same pairs. */
function compared(pairs: EmbeddedPairs, other: EmbeddedPairs, name: string, otherName: string) {
  if (other.same.length !== pairs.same.length || other.same.some((answer, pair) => answer !== pairs.same[pair])) {
    throw new UsageError('The two files do not hold the same pairs: their "issame" differ.');
  }
  const { same, identities } = pairs;
  const { networks, comparison } = verification({
    protocol: 'pairs',
    same,
    identities,
    distances: [other.distances, pairs.distances],
  });
  if (comparison === undefined) throw new Error('Two networks are compared.');
  return {
    against: { name: otherName, ...networks[0]?.report },
    ...comparison,
    sentence: sentenceOf(comparison, otherName, name),
  };
}

runCommand(main, USAGE);

import { createStore } from 'zustand/vanilla';
import type {
  AlignmentCommand,
  AlignmentFailure,
  AlignmentMessage,
  ReadPhoto,
} from '../../worker/alignment/protocol.ts';
import type { ImportFile } from '../../worker/protocol.ts';

/** Photos that are being aligned, or have been. */
export interface AlignmentState {
  /** The name of the given photos; undefined while nothing is aligned. */
  readonly name: string | undefined;
  readonly photos: readonly ReadPhoto[];
  /** Photos in all; 0 until they are counted. */
  readonly total: number;
  readonly finished: boolean;
  /** Which face of a photo was chosen, by its path; the largest where nothing is said. */
  readonly chosen: Readonly<Record<string, number>>;
  readonly failure: AlignmentFailure | undefined;
}

const NOTHING: AlignmentState = {
  name: undefined,
  photos: [],
  total: 0,
  finished: false,
  chosen: {},
  failure: undefined,
};

type Connect = (receive: (message: AlignmentMessage) => void) => {
  post(command: AlignmentCommand): void;
  close(): void;
};

/** Aligns photos, lets a face be chosen where there are several, and makes files of the aligned ones. */
export class AlignmentStore {
  readonly state = createStore<AlignmentState>(() => NOTHING);
  readonly #client: ReturnType<Connect>;
  readonly #around: boolean;
  #request = 0;
  #texts: readonly { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }[] = [];

  /** `around`: whether each face is to come with the part of the photo around it. */
  constructor(connect: Connect, around = false) {
    this.#around = around;
    this.#client = connect((message) => this.#receive(message));
  }

  /** Starts; earlier aligned photos are forgotten. */
  align(name: string, files: readonly ImportFile[]): void {
    this.#request++;
    this.#texts = [];
    this.state.setState({ ...NOTHING, name });
    this.#client.post({ type: 'align', requestId: this.#request, name, files, around: this.#around });
  }

  choose(path: string, face: number): void {
    this.state.setState(({ chosen }) => ({ chosen: { ...chosen, [path]: face } }));
  }

  /** Ends it, and frees the memory of the detector. */
  close(): void {
    this.#request++;
    this.#client.close();
    this.#texts = [];
    this.state.setState(NOTHING);
  }

  /** The aligned faces as files of the same folders, each a raw map of its pixels, and the lists beside them. */
  files(): readonly ImportFile[] {
    const { photos, chosen } = this.state.getState();
    const faces = photos.flatMap(({ path, faces: all }) => {
      const face = all[chosen[path] ?? 0];
      return face === undefined ? [] : [fileAt(`${path.replace(/\.[^./]+$/, '')}.ppm`, [HEADER, face.pixels])];
    });
    return [...faces, ...this.#texts.map(({ path, bytes }) => fileAt(path, [bytes]))];
  }

  #receive(message: AlignmentMessage): void {
    if (message.type === 'stopped') {
      if (this.state.getState().name !== undefined) this.state.setState({ finished: true, failure: message.problem });
      return;
    }
    if (message.requestId !== this.#request) return;
    switch (message.type) {
      case 'photo':
        this.state.setState(({ photos }) => ({ photos: [...photos, message.photo], total: message.total }));
        return;
      case 'done':
        this.#texts = message.texts;
        this.state.setState({ finished: true });
        return;
      case 'failed':
        this.state.setState({ finished: true, failure: message.problem });
        return;
    }
  }
}

const HEADER = 'P6\n112 112\n255\n';

function fileAt(path: string, parts: BlobPart[]): ImportFile {
  return { path, file: new File(parts, path.slice(path.lastIndexOf('/') + 1)) };
}

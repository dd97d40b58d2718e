import { assertNever } from '../../config/assert-never.ts';
import { VARIATION_EXAMPLES } from '../../faces/synthetic/examples.ts';
import { drawIdentity } from '../../faces/synthetic/identity.ts';
import { IDENTITY_PARAMETERS, PHOTO_PARAMETERS, readValues } from '../../faces/synthetic/parameters.ts';
import { plainPhoto } from '../../faces/synthetic/plain-photo.ts';
import { Easel } from './easel.ts';
import type { GalleryCommand, GalleryMessage } from './protocol.ts';

const easel = new Easel((lane, id, pictures) => post({ type: 'drawn', lane, id, pictures }));

self.onmessage = ({ data }: MessageEvent<GalleryCommand>) => {
  handle(data).catch((error: unknown) => {
    post({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
};

function post(message: GalleryMessage): void {
  const transfer = message.type === 'drawn' ? message.pictures.map(({ pixels }) => pixels.buffer) : [];
  self.postMessage(message, { transfer });
}

async function handle(command: GalleryCommand): Promise<void> {
  switch (command.type) {
    case 'describe':
      return post({
        type: 'described',
        sliders: [...IDENTITY_PARAMETERS, ...PHOTO_PARAMETERS].map(({ description }) => description),
        examples: VARIATION_EXAMPLES,
      });
    case 'introduce': {
      const { seed, person } = command;
      const values = {
        ...readValues(IDENTITY_PARAMETERS, drawIdentity(seed, 'training', person)),
        ...readValues(PHOTO_PARAMETERS, plainPhoto(seed, 'training', person)),
      };
      return post({ type: 'introduced', seed, person, values });
    }
    case 'draw':
      return easel.order(command.lane, command.orders);
    default:
      assertNever(command);
  }
}

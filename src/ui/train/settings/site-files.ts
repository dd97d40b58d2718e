import type { ImportFailure, ImportFile } from '../../../worker/protocol.ts';

/** Larger files are better dropped: the browser holds a file from an address whole. */
const LARGEST_BYTES = 2 * 2 ** 30;

/** Files from an address, or why there are none. */
export type SiteFiles =
  | { readonly files: readonly ImportFile[]; readonly failure?: undefined }
  | { readonly failure: ImportFailure; readonly files?: undefined };

/**
 * The file at an address of the page's own site; with a .rec also the .idx, .lst and property beside it. Other sites are
 * refused: no other site may learn of the work here.
 */
export async function filesAt(address: string, page: URL = new URL(location.href)): Promise<SiteFiles> {
  const url = URL.canParse(address, page) ? new URL(address, page) : undefined;
  if (url === undefined || url.origin !== page.origin) {
    return refused(
      `${address} is no address on this site.`,
      `Give a path such as /faces/train.rec, below ${page.origin}.`,
    );
  }
  const name = decodeURIComponent(url.pathname.split('/').at(-1) ?? '') || url.pathname;
  try {
    const answer = await fetchFile(url);
    if (answer === undefined) return refused(`There is no file at ${url.pathname}.`, 'Check the address.');
    if (Number(answer.headers.get('content-length')) > LARGEST_BYTES) {
      await answer.body?.cancel();
      return refused(
        `${name} is larger than 2 GB.`,
        'Save it to a disk and drop it: then only the parts in use are read.',
      );
    }
    const files = [await fileOf(answer, name)];
    if (/\.rec$/i.test(name)) {
      const stem = name.replace(/\.rec$/i, '');
      for (const beside of [`${stem}.idx`, `${stem}.lst`, 'property']) {
        const found = await fetchFile(new URL(encodeURIComponent(beside), url));
        if (found !== undefined) files.push(await fileOf(found, beside));
      }
    }
    return { files };
  } catch (error) {
    const technical = error instanceof Error ? error.message : String(error);
    return refused(`${url.pathname} could not be fetched: ${technical}.`, 'Check the connection, or drop the file.');
  }
}

async function fetchFile(url: URL): Promise<Response | undefined> {
  const answer = await fetch(url);
  // A site of one page answers every address with that page.
  const isPage = answer.headers.get('content-type')?.startsWith('text/html') === true;
  if (answer.ok && !isPage) return answer;
  await answer.body?.cancel();
  return undefined;
}

async function fileOf(answer: Response, name: string): Promise<ImportFile> {
  return { path: name, file: new File([await answer.blob()], name) };
}

function refused(message: string, hint: string): SiteFiles {
  return { failure: { code: 'url-unreachable', message, hint } };
}

import { unzipSync, zipSync } from 'fflate';
import { type Below, type Change, changed } from './mutations.ts';

/**
 * Changes an archive and packs it again: an entry damaged by the change for its name, left out, renamed, doubled, or
 * given the content of another.
 */
export function damageZip(changeOf: (name: string) => Change | undefined): Change {
  return (bytes, below) => {
    const entries = entriesOf(bytes);
    const [name, content] = entries[below(entries.length || 1)] ?? [];
    if (name === undefined || content === undefined) return changed(bytes, below);
    const [otherName, other] = entries[below(entries.length)] ?? [name, content];
    const damage = changeOf(name) ?? changed;
    switch (below(12)) {
      case 0:
        return packed(
          entries.filter(([one]) => one !== name),
          below,
        );
      case 1:
        return packed([...entries.filter(([one]) => one !== name), [`${otherName}x`, content]], below);
      case 2:
        return packed([...entries, [`${name}/${below(10)}`, content], [`a/${name}`, content]], below);
      case 3:
        return packed([...entries, [name, other]], below);
      case 4:
        return packed([...entries, [name, bytes]], below);
      default:
        return packed([...entries, [name, damage(content.slice(), below)]], below);
    }
  };
}

type Entry = readonly [string, Uint8Array<ArrayBuffer>];

function entriesOf(bytes: Uint8Array<ArrayBuffer>): readonly Entry[] {
  try {
    const filter = ({ originalSize }: { originalSize: number }) => originalSize < 1e6;
    return Object.entries(unzipSync(bytes, { filter })).map(([name, content]) => [name, new Uint8Array(content)]);
  } catch {
    return [];
  }
}

/** Of two entries of one name the later one. */
function packed(entries: readonly Entry[], below: Below): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zipSync(Object.fromEntries(entries), { level: below(8) === 0 ? 1 : 0 }));
}

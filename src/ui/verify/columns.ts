import { type ArmName, armLabel } from '../../record/arm.ts';
import type { InputCoding, NetworkSummary } from '../../worker/verification/protocol.ts';

/** A network as the table shows it: Standard, or the reference, left; CRAFT right. */
export interface Column {
  readonly id: string;
  readonly name: string;
  /** The sign and the line it is drawn with. */
  readonly mark: ArmName;
  readonly network: NetworkSummary;
  /** How its input is coded, of models that do not say so. */
  readonly coding?: InputCoding;
}

/** The networks in their columns. One alone keeps its arm's sign; of two, the left has Standard's, the right CRAFT's. */
export function columnsOf(networks: readonly NetworkSummary[], coding?: InputCoding): readonly Column[] {
  const names = networks.map((network) => nameOf(network, networks));
  return networks.map((network, place) => ({
    id: network.id,
    // Two files may have one name.
    name: names.indexOf(names[place] ?? '') === place ? (names[place] ?? '') : `${names[place]} (2)`,
    mark: networks.length === 1 ? markOf(network) : place === 0 ? 'standard' : 'craft',
    network,
    ...(network.coded && coding !== undefined ? { coding: knownCoding(coding, network) } : {}),
  }));
}

/** With the scaling that was used, and not only "auto". */
function knownCoding({ scaling, colours }: InputCoding, network: NetworkSummary): InputCoding {
  return { scaling: scaling === 'auto' ? (network.scaling ?? '127.5') : scaling, colours };
}

function nameOf(network: NetworkSummary, all: readonly NetworkSummary[]): string {
  const { arm, name, detail } = network;
  if (arm === undefined) return name;
  // An arm beside something that is not of its own run needs to say whose it is.
  const alone = all.every((other) => other.detail === detail && other.arm !== undefined);
  return alone ? armLabel(arm) : `${armLabel(arm)} of ${detail}`;
}

function markOf({ arm }: NetworkSummary): ArmName {
  return arm === undefined || arm === 'standard' ? 'standard' : 'craft';
}

import {
  CONFIG_KEYS,
  CONFIG_VERSION,
  type ConfigKey,
  type ConfigNotice,
  DEFAULT_CONFIG,
  type RunConfig,
  readConfig,
  withSeeds,
} from './run-config.ts';

const VERSION_KEY = 'v';

/** The two parts of an address that may hold settings, as `window.location` has them. */
export interface Address {
  readonly hash: string;
  readonly search: string;
}

export interface ReadAddress {
  readonly config: RunConfig;
  readonly notices: readonly ConfigNotice[];
  /** Whether the address holds settings at all; without, the page may choose a preset. */
  readonly given: boolean;
}

/**
 * Settings as a link's part behind the #: the version, and only settings that differ from the defaults,
 * as in `v=1&seed=7&weightDecay=0.005`. Own faces are never part of a link.
 */
export function configToHash(config: RunConfig): string {
  const parameters = new URLSearchParams({ [VERSION_KEY]: String(CONFIG_VERSION) });
  for (const key of CONFIG_KEYS) {
    const cannotTravel = key === 'faces' && config.faces === 'own';
    if (config[key] !== DEFAULT_CONFIG[key] && !cannotTravel) parameters.set(key, String(config[key]));
  }
  return parameters.toString();
}

/**
 * Reads settings from an address. Behind the # every name must be a setting; among the query's parameters, which
 * other sites add to, unknown ones are left alone. Values are clamped and checked, each change is reported. Never throws.
 */
export function configFromAddress(address: Address, base: RunConfig = DEFAULT_CONFIG): ReadAddress {
  const query = new URLSearchParams(address.search);
  const hash = new URLSearchParams(address.hash.replace(/^#/, ''));
  const values = new Map<string, string>();
  for (const key of CONFIG_KEYS) {
    const value = query.get(key);
    if (value !== null) values.set(key, value);
  }
  const notices: ConfigNotice[] = [];
  const version = hash.get(VERSION_KEY);
  for (const [key, value] of hash) if (key !== VERSION_KEY) values.set(key, value);
  if (version !== null && version !== '1' && version !== String(CONFIG_VERSION)) notices.push(otherVersion(version));
  const given = hash.size > 0 || values.size > 0;
  const told = Object.fromEntries(values);
  const read = readConfig(version === '1' ? withSeeds(told) : told, base);
  notices.push(...read.notices);
  if (read.config.faces !== 'own') return { config: read.config, notices, given };
  const key: ConfigKey = 'faces';
  notices.push({ key, message: 'Own photos are never part of a link; synthetic faces are used until you drop yours.' });
  return { config: { ...read.config, faces: 'synthetic' }, notices, given };
}

function otherVersion(version: string): ConfigNotice {
  return {
    key: VERSION_KEY,
    message: `This link is of version ${version.slice(0, 12)}, the page of version ${CONFIG_VERSION}; compare the settings before you rely on them.`,
  };
}

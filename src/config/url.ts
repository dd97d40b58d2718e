import { type ConfigNotice, readConfig, withFaceVersion, withSeeds } from './read-config.ts';
import { CONFIG_KEYS, CONFIG_VERSION, type ConfigKey, DEFAULT_CONFIG, type RunConfig } from './run-config.ts';

const VERSION_KEY = 'v';
const THEME_KEY = 'theme';
const STEP_KEY = 'step';

/** The part of a link that changes nothing of the run: how it is looked at. */
export interface LinkView {
  readonly theme?: 'light' | 'dark';
  /** A step that walls and charts are pinned to once the run has passed it. */
  readonly step?: number;
}

/** The two parts of an address that may hold settings, as `window.location` has them. */
export interface Address {
  readonly hash: string;
  readonly search: string;
}

export interface ReadAddress {
  readonly config: RunConfig;
  readonly notices: readonly ConfigNotice[];
  readonly view: LinkView;
  /** Whether the address holds settings at all; without, the page may choose a preset. */
  readonly given: boolean;
}

/**
 * Settings as a link's part behind the #: the version, and only settings that differ from the defaults,
 * as in `v=3&seed=7&weightDecay=0.005`; then the view, as far as it is given. Own faces are never part of a link.
 */
export function configToHash(config: RunConfig, view: LinkView = {}): string {
  const parameters = new URLSearchParams({ [VERSION_KEY]: String(CONFIG_VERSION) });
  for (const key of CONFIG_KEYS) {
    const cannotTravel = key === 'faces' && config.faces === 'own';
    if (config[key] !== DEFAULT_CONFIG[key] && !cannotTravel) parameters.set(key, String(config[key]));
  }
  if (view.theme !== undefined) parameters.set(THEME_KEY, view.theme);
  if (view.step !== undefined) parameters.set(STEP_KEY, String(view.step));
  return parameters.toString();
}

/**
 * Reads settings from an address. Behind the # every name must be a setting; among the query's parameters, which
 * other sites add to, unknown ones are left alone. Values are clamped and checked, each change is reported. Never
 * throws.
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
  const ofLink = [VERSION_KEY, THEME_KEY, STEP_KEY];
  for (const [key, value] of hash) if (!ofLink.includes(key)) values.set(key, value);
  const known = ['1', '2', String(CONFIG_VERSION)];
  if (version !== null && !known.includes(version)) notices.push(otherVersion(version));
  const given = hash.size > 0 || values.size > 0;
  const settings = Object.fromEntries(values);
  const read = readConfig(settingsOf(version, settings), base);
  notices.push(...read.notices);
  const view = viewIn(hash, read.config.steps, notices);
  if (read.config.faces !== 'own') return { config: read.config, notices, view, given };
  const key: ConfigKey = 'faces';
  notices.push({ key, message: 'Own photos are never part of a link; synthetic faces are used until you drop yours.' });
  return { config: { ...read.config, faces: 'synthetic' }, notices, view, given };
}

/** Settings of a link of that version, as they are written today. */
function settingsOf(version: string | null, settings: Readonly<Record<string, string>>) {
  if (version === '1') return withFaceVersion(withSeeds(settings));
  return version === '2' ? withFaceVersion(settings) : settings;
}

/** Adds a notice for each part that is none. */
function viewIn(hash: URLSearchParams, steps: number, notices: ConfigNotice[]): LinkView {
  const theme = hash.get(THEME_KEY);
  const step = hash.get(STEP_KEY);
  const known = theme === 'light' || theme === 'dark';
  if (theme !== null && !known) {
    notices.push({
      key: THEME_KEY,
      message: `There is no theme "${theme.slice(0, 12)}"; the themes are light and dark.`,
    });
  }
  const number = /^\d{1,7}$/.test(step ?? '') ? Number(step) : undefined;
  const reached = number !== undefined && number <= steps;
  if (step !== null && !reached) {
    notices.push({
      key: STEP_KEY,
      message: `Step "${step.slice(0, 12)}" is none of the run's ${steps}; nothing is pinned.`,
    });
  }
  return { ...(known ? { theme } : {}), ...(reached ? { step: number } : {}) };
}

function otherVersion(version: string): ConfigNotice {
  return {
    key: VERSION_KEY,
    message: `This link is of version ${version.slice(0, 12)}, the page of version ${CONFIG_VERSION}; compare the settings before you rely on them.`,
  };
}

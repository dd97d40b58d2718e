import { existsSync } from 'node:fs';

const INSTALLED = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** A Firefox that is there already: `FIREFOX_PATH`, or one installed on the system. None is installed for a test. */
export function findFirefox(): string | undefined {
  const asked = process.env.FIREFOX_PATH;
  if (asked !== undefined && asked !== '') {
    if (!existsSync(asked)) throw new Error(`FIREFOX_PATH is ${asked}, but there is no such file.`);
    return asked;
  }
  return INSTALLED.find((path) => existsSync(path));
}

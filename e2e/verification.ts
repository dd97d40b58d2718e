import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { CRAFT, STANDARD } from '../src/config/arm.ts';
import { writeRunArchive } from '../src/exchange/run-archive.ts';
import { smallConfig, trainedNetwork } from '../src/exchange/testing/trained.ts';
import { Playground, TINY } from './playground.ts';
import { WorkerGate } from './worker-gate.ts';

/** Settings of a run beside which something is verified. */
export const SETTINGS = { ...TINY, backend: 'wasm' };

type DroppedFile = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** A file as it is given to a drop zone's picker. */
export function file(name: string, content: Uint8Array | string): DroppedFile {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) };
}

/** A saved run of two networks that look trained and differ. */
export function savedRun(): Uint8Array {
  const config = smallConfig({ seed: 5 });
  const standard = trainedNetwork(config).state;
  const craft = trainedNetwork({ ...config, seed: 6 }).state;
  const arms = [
    { ...STANDARD, state: standard },
    { ...CRAFT, state: craft },
  ];
  return writeRunArchive({ config, step: 120, arms, version: '1', engine: { backend: 'cpu', adapter: '' } });
}

/** The Verify screen as a user meets it. */
export class Verification {
  readonly page: Page;
  readonly verdict: Locator;
  readonly run: Locator;
  readonly cancel: Locator;
  readonly failure: Locator;
  readonly #gate: WorkerGate;

  constructor(page: Page, gate = new WorkerGate(page)) {
    this.page = page;
    this.#gate = gate;
    this.verdict = page.getByTestId('verify-verdict');
    this.run = page.getByTestId('verify-run');
    this.cancel = page.getByTestId('verify-cancel');
    this.failure = page.getByTestId('verify-failure');
  }

  /** Opens the page, where nothing is trained, and on it the screen. */
  static async open(page: Page): Promise<Verification> {
    const gate = await WorkerGate.install(page);
    await Playground.open(page, SETTINGS);
    const verification = new Verification(page, gate);
    await verification.show();
    return verification;
  }

  /** The screen of a page that is open, whose workers are not held. */
  async show(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Verify').click();
    await expect(this.page.getByTestId('verify-screen')).toBeVisible();
  }

  row(id: string): Locator {
    return this.page.getByTestId(`verify-row-${id}`);
  }

  source(id: string): Locator {
    return this.page.getByTestId(`verify-source-${id}`);
  }

  async add(file: string | DroppedFile | readonly DroppedFile[]): Promise<void> {
    await this.page.getByTestId('verify-add-file-input').setInputFiles(Array.isArray(file) ? [...file] : file);
  }

  async choose(file: string | DroppedFile): Promise<void> {
    await this.page.getByTestId('verify-add-model-input').setInputFiles(file);
  }

  /** Verifies, and stops the worker's thread behind the first row. */
  async stopAfterFirstRow(): Promise<void> {
    await this.#gate.stopAfter('verification', 'row-done');
    await this.run.click();
    await expect(this.row('lfw')).toHaveAttribute('data-state', 'done');
  }

  /** Verifies, and presses Cancel while the worker is held behind the first row; the others stay empty. */
  async runFirstRow(): Promise<void> {
    await this.stopAfterFirstRow();
    await this.cancel.click();
    await this.#gate.release();
    await expect(this.run).toBeEnabled();
  }

  /** The table as it is saved. */
  async json(): Promise<unknown> {
    const download = this.page.waitForEvent('download');
    await this.page.getByTestId('verify-json').click();
    return JSON.parse(readFileSync(await (await download).path(), 'utf8'));
  }

  async fewPairs(): Promise<void> {
    await this.page.getByLabel('Built-in pairs a row').selectOption('200');
  }
}

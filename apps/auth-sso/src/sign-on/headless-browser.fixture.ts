import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * A real browser without a window, for which every name under localhost is this machine.
 * @throws Error that says what is missing where it cannot be started.
 */
export async function launchHeadless(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(), headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--host-resolver-rules=MAP *.localhost 127.0.0.1'],
  }).catch((cause: unknown) => {
    throw new Error('No browser could be started for the tests of pages: run npm install, and see whether the libraries that Chromium needs are on this machine.', { cause });
  });
}

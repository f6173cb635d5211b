import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { eventually } from '@crossdock/test-stack';
import { z } from 'zod';
import { launchHeadless } from '../../apps/auth-sso/src/sign-on/headless-browser.fixture.ts';
import { ConsoleStandIn } from './console-stand-in.fixture.ts';

/** The goal is a second on the machine of docs/performance/console.md; a machine that tests may be five times slower. */
const mostInteractiveMs = 5_000;
const loads = 7;
const perSecond = 100;
const windowMs = 3_000;
const windows = 3;
/** Of the frames that the same page draws when nothing is told. A slow machine that other tests use draws fewer of both. */
const leastShareOfFrames = 0.5;

/** In the page: how long after the navigation began there was something to press, and the page took a press. */
const interactiveScript = `(() => {
  const look = () => {
    if (!document.querySelector('main article button')) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.interactiveAtMs = performance.now(); }));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true });
})()`;

/** In the page: how many frames were drawn, how often jobs were shown anew, and the longest time between two frames. */
const framesScript = `new Promise((resolve) => {
  let [frames, shown, longestMs] = [0, 0, 0];
  const list = document.querySelector('main ul.cards');
  const observer = new MutationObserver(() => { shown += 1; });
  observer.observe(list, { childList: true, subtree: true, characterData: true });
  const beganAt = performance.now();
  let lastAt = beganAt;
  const draw = (at) => {
    const now = performance.now();
    frames += 1;
    longestMs = Math.max(longestMs, now - lastAt);
    lastAt = now;
    if (now - beganAt < ${windowMs}) { requestAnimationFrame(draw); return; }
    observer.disconnect();
    resolve({ frames, shown, longestMs });
  };
  requestAnimationFrame(draw);
})`;
const framesSchema = z.object({ frames: z.number(), shown: z.number(), longestMs: z.number() });
type Frames = z.infer<typeof framesSchema>;

describe('the console’s figures', () => {
  let browser: Browser;
  let hub: ConsoleStandIn;
  const ending = new AsyncDisposableStack();
  beforeAll(async () => {
    hub = await ConsoleStandIn.start();
    ending.defer(() => hub.stop());
    browser = await launchHeadless();
    ending.defer(() => browser.close());
  });
  afterAll(() => ending.disposeAsync());

  /** Each time a browser that has read nothing before. */
  async function open(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
    const page = await context.newPage();
    await page.addInitScript(interactiveScript);
    await page.goto(`${hub.origin}/console/syncs`);
    await eventually('the page to be interactive', async () => await page.evaluate('window.interactiveAtMs') !== undefined, 60_000);
    return page;
  }

  it(`are interactive within ${mostInteractiveMs / 1_000} s of the navigation, as served and with nothing kept from before`, async () => {
    const times: number[] = [];
    for (let load = 0; load < loads; load += 1) {
      const page = await open();
      times.push(z.number().parse(await page.evaluate('window.interactiveAtMs')));
      await page.context().close();
    }
    times.sort((one, other) => one - other);
    const [fastest = Infinity] = times;
    process.stdout.write(`Interactive after ${middleOf(times)} ms (${Math.round(fastest)} to ${Math.round(times.at(-1) ?? 0)}, ${loads} loads)\n`);
    expect(fastest).toBeLessThanOrEqual(mostInteractiveMs);
  }, 300_000);

  it(`draw on while ${perSecond} updates a second come in, and show the latest`, async () => {
    const page = await open();
    await eventually('all jobs to be watched', () => hub.watched === 4, 60_000);
    const [silent, told]: [Frames[], Frames[]] = [[], []];
    const before = hub.told;
    for (let window = 0; window < windows; window += 1) {
      hub.tell(0);
      silent.push(framesSchema.parse(await page.evaluate(framesScript)));
      hub.tell(perSecond);
      told.push(framesSchema.parse(await page.evaluate(framesScript)));
    }
    hub.tell(0);
    const best = (measured: readonly Frames[]): number => Math.max(...measured.map(({ frames }) => frames));
    const line = (measured: readonly Frames[]): string => `${middleOf(measured.map(({ frames }) => frames / windowMs * 1_000))} frames a second, longest ${Math.round(Math.max(...measured.map(({ longestMs }) => longestMs)))} ms`;
    process.stdout.write(`With ${Math.round((hub.told - before) / windows / windowMs * 1_000)} updates a second: ${line(told)}; without: ${line(silent)}\n`);
    expect(best(told)).toBeGreaterThanOrEqual(best(silent) * leastShareOfFrames);
    for (const { frames, shown } of told) {
      expect(shown).toBeGreaterThan(0);
      expect(shown).toBeLessThanOrEqual(frames + 1);
    }
    await eventually('the last update to be shown', async () => {
      const shown = await page.getByText(/of 1,000,000 done/).allTextContents();
      return shown.reduce((sum, text) => sum + Number((/([\d,]+) of/.exec(text)?.[1] ?? '').replaceAll(',', '')), 0) === hub.done;
    }, 60_000);
    await page.context().close();
  }, 300_000);
});

function middleOf(values: readonly number[]): number {
  return Math.round(values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0);
}

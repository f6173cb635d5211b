import type { Page } from 'playwright-core';
import { z } from 'zod';

const scrolledSchema = z.object({
  lastRow: z.int(), rowsInPageAtMost: z.int(), frames: z.int(), medianFrameMs: z.number(), medianFrameAtStartMs: z.number(), medianFrameAtEndMs: z.number(), worstFrameMs: z.number(), longTasks: z.int(), longestTaskMs: z.number(), secondsTaken: z.number(),
});
type Scrolled = z.infer<typeof scrolledSchema>;

/** Runs in the page: some screens further with every frame, to the end of all that there is to be read. */
const script = (selector: string): string => `(async () => {
  const list = document.querySelector(${JSON.stringify(selector)});
  const [frames, tasks] = [[], []];
  const observer = new PerformanceObserver((entries) => tasks.push(...entries.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: 'longtask' });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const begun = performance.now();
  const isAll = () => list.querySelector('[role=table]').ariaRowCount !== '-1' && list.scrollTop + list.clientHeight >= list.scrollHeight - 1;
  let [last, rowsInPageAtMost] = [await frame(), 0];
  while (!isAll()) {
    list.scrollTop += 4_000;
    const now = await frame();
    frames.push(now - last);
    last = now;
    rowsInPageAtMost = Math.max(rowsInPageAtMost, list.querySelectorAll('[role=row]').length);
  }
  observer.disconnect();
  const rows = [...list.querySelectorAll('[role=row]')].map((row) => Number(row.getAttribute('aria-rowindex')));
  const rounded = (value) => Math.round(value * 10) / 10;
  const median = (values) => rounded(values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]);
  const tenth = Math.ceil(frames.length / 10);
  return {
    lastRow: Math.max(...rows), rowsInPageAtMost, frames: frames.length, medianFrameMs: median(frames),
    medianFrameAtStartMs: median(frames.slice(0, tenth)), medianFrameAtEndMs: median(frames.slice(-tenth)), worstFrameMs: rounded(Math.max(...frames)),
    longTasks: tasks.length, longestTaskMs: rounded(Math.max(0, ...tasks)), secondsTaken: rounded((performance.now() - begun) / 1_000),
  };
})()`;

/** Scrolls a long list to its end, as fast as it comes, and tells how smoothly that went. */
export async function scrollThrough(page: Page, selector: string): Promise<Scrolled> {
  return scrolledSchema.parse(await page.evaluate(script(selector)));
}

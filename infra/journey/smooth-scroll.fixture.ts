import type { Page } from 'playwright-core';
import { z } from 'zod';

const framesSchema = z.object({ frameMs: z.array(z.number()), taskMs: z.array(z.number()), rowsInPageAtMost: z.int(), lastRow: z.int() });
type Frames = z.infer<typeof framesSchema>;

/** How smoothly a part of a list was scrolled through. */
interface ScrolledPart {
  readonly frames: number;
  readonly medianFrameMs: number;
  /** What a frame took of a core, in the page's thread: that does not depend on what else the machine does. */
  readonly threadMsPerFrame: number;
}

interface Scrolled {
  readonly lastRow: number;
  readonly rowsInPageAtMost: number;
  readonly start: ScrolledPart;
  readonly middle: ScrolledPart;
  readonly end: ScrolledPart;
  readonly worstFrameMs: number;
  readonly longTasks: number;
  readonly longestTaskMs: number;
  readonly secondsTaken: number;
}

/** Runs in the page: some screens further with every frame, down to a row or to the end of all that there is to be read. */
const script = (selector: string, untilRow: number | null): string => `(async () => {
  const list = document.querySelector(${JSON.stringify(selector)});
  const untilPx = ${untilRow ?? 'Infinity'} * list.querySelector('[role=row]').offsetHeight;
  const [frameMs, taskMs] = [[], []];
  const observer = new PerformanceObserver((entries) => taskMs.push(...entries.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: 'longtask' });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const isAll = () => list.querySelector('[role=table]').ariaRowCount !== '-1' && list.scrollTop + list.clientHeight >= list.scrollHeight - 1;
  let [last, rowsInPageAtMost] = [await frame(), 0];
  while (list.scrollTop < untilPx && !isAll()) {
    const from = list.scrollTop;
    list.scrollTop += 4_000;
    const hasMoved = list.scrollTop > from;
    const now = await frame();
    // One that waits for what is still to be read draws nothing.
    if (hasMoved) frameMs.push(now - last);
    last = now;
    rowsInPageAtMost = Math.max(rowsInPageAtMost, list.querySelectorAll('[role=row]').length);
  }
  observer.disconnect();
  return { frameMs, taskMs, rowsInPageAtMost, lastRow: Math.max(...[...list.querySelectorAll('[role=row]')].map((row) => Number(row.getAttribute('aria-rowindex')))) };
})()`;

/** Scrolls a long list to its end, as fast as it comes, and tells how smoothly that went in its first tenth, its last and between. */
export async function scrollThrough(page: Page, selector: string, rows: number): Promise<Scrolled> {
  const inspector = await page.context().newCDPSession(page);
  await inspector.send('Performance.enable', { timeDomain: 'threadTicks' });
  const threadMs = async (): Promise<number> => {
    const { metrics } = await inspector.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  };
  const begunMs = performance.now();
  const parts: Array<Frames & { readonly told: ScrolledPart }> = [];
  for (const untilRow of [rows / 10, rows * 0.9, null]) {
    const before = await threadMs();
    const part = framesSchema.parse(await page.evaluate(script(selector, untilRow)));
    const frames = part.frameMs.length;
    parts.push({ ...part, told: { frames, medianFrameMs: medianOf(part.frameMs), threadMsPerFrame: rounded((await threadMs() - before) / frames) } });
  }
  await inspector.detach();
  const [start, middle, end] = parts;
  if (!start || !middle || !end) throw new Error('A list is scrolled through in three parts.');
  const taskMs = parts.flatMap((part) => part.taskMs);
  return {
    lastRow: end.lastRow, rowsInPageAtMost: Math.max(...parts.map((part) => part.rowsInPageAtMost)), start: start.told, middle: middle.told, end: end.told,
    worstFrameMs: rounded(Math.max(...parts.flatMap((part) => part.frameMs))), longTasks: taskMs.length, longestTaskMs: rounded(Math.max(0, ...taskMs)), secondsTaken: rounded((performance.now() - begunMs) / 1_000),
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
const medianOf = (values: readonly number[]): number => rounded(values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN);

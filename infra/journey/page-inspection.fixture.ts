import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { ROOT } from '../launch/folders.mjs';

/** A test of the console run with `CONSOLE_PICTURES=1` writes the pictures of the pages it looks at anew. */
const picturesFolder = process.env['CONSOLE_PICTURES'] === undefined ? undefined : join(ROOT, 'docs', 'console');

/** In the page: what reaches furthest to the right where the page is wider than its window; null where it is not. */
const widestPart = `document.documentElement.scrollWidth <= innerWidth ? null
  : [...document.querySelectorAll('main *')].reduce((widest, each) => each.getBoundingClientRect().right > widest.getBoundingClientRect().right ? each : widest).outerHTML.slice(0, 200)`;

/** What axe and the sizes of windows bring to light on the console's pages; told together at the end of a test. */
export class PageInspection {
  readonly findings: string[] = [];

  /** Opens a page and looks at it in light and dark, wide and narrow. */
  async look(page: Page, address: string, title: string): Promise<void> {
    await page.goto(address);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    await this.lookHere(page, title);
  }

  /** Looks at what is open in light and dark, wide and narrow: axe finds nothing and nothing is cut off. The picture is named by the title. */
  async lookHere(page: Page, title: string): Promise<void> {
    for (const colours of ['light', 'dark'] as const) {
      await page.getByLabel('Colours').selectOption(colours);
      await this.check(page, `${title} in ${colours}`);
      if (picturesFolder !== undefined) {
        mkdirSync(picturesFolder, { recursive: true });
        await page.screenshot({ path: join(picturesFolder, `${title.toLowerCase().replaceAll(' ', '-')}-${colours}.png`), fullPage: true });
      }
    }
    for (const width of [360, 2_560]) {
      await page.setViewportSize({ width, height: 800 });
      const widest = z.string().nullable().parse(await page.evaluate(widestPart));
      if (widest !== null) this.findings.push(`${title} is wider than a window of ${width} px: ${widest}`);
    }
    await page.setViewportSize({ width: 1_280, height: 800 });
  }

  /** Asks axe for what it finds against WCAG 2.2 AA and its best practice, in the page alone: there are no frames of other sites, for which it would open a page beside. */
  async check(page: Page, what: string): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    this.findings.push(...violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`));
  }
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasDescription, readDescription } from '../api-description.fixture.ts';
import { recordOf, startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

const pages = { orders: 'woocommerce/docs-v3/_orders.md', webhooks: 'woocommerce/docs-v3/_webhooks.md' };
// WooCommerce's pages are not part of this repository; where they are not at hand there is nothing to compare with.
const described = Object.values(pages).every(hasDescription) ? describe : describe.skip;

/** The properties that a page documents, by section; a property may lead to a section of its own. */
function propertiesOf(page: string): (section: string) => Map<string, string | undefined> {
  const sections = new Map<string, Map<string, string | undefined>>();
  let current = new Map<string, string | undefined>();
  for (const line of page.split('\n')) {
    const heading = /^#+ (.+?) #*$/.exec(line)?.[1];
    if (heading !== undefined) {
      current = new Map<string, string | undefined>();
      sections.set(slugOf(heading), current);
    }
    const [, name, text = ''] = /^\| `([\w-]+)` *\|(.*)/.exec(line) ?? [];
    if (name !== undefined) current.set(name, /\]\(#([\w-]+)\)/.exec(text)?.[1]);
  }
  return (section) => sections.get(section) ?? new Map();
}

const slugOf = (heading: string): string => heading.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** What of an answer no section documents. `_links` are WordPress's own. */
function strangers(answer: unknown, section: string, propertiesIn: ReturnType<typeof propertiesOf>, at = ''): string[] {
  const known = propertiesIn(section);
  return Object.entries(recordOf(answer)).filter(([name]) => name !== '_links').flatMap(([name, value]) => {
    if (!known.has(name)) return [`${at}${name}`];
    const deeper = known.get(name);
    const parts = Array.isArray(value) ? value : [value];
    return deeper === undefined ? [] : parts.flatMap((part) => (typeof part === 'object' ? strangers(part, deeper, propertiesIn, `${at}${name}.`) : []));
  });
}

described('the WooCommerce stand-in beside WooCommerce’s own pages', () => {
  let bench: SandboxBench;
  beforeAll(async () => {
    bench = await startSandboxBench();
  });
  afterAll(() => bench.stop());

  it('answers nothing that is not documented', async () => {
    const shop = await bench.control.createWooCommerceShop({ shop: 'tea' });
    await bench.control.placeWooCommerceOrder('tea', {
      billing: { first_name: 'Ada', email: 'ada@example.com' }, shipping: { city: 'Springfield' }, line_items: [{ name: 'Tea', price: 29.35, quantity: 1 }],
      shipping_lines: [{ method_title: 'Post', total: '5.00' }], meta_data: [{ key: 'note', value: 'x' }],
    });
    const call = async (method: string, path: string, body?: unknown): Promise<unknown> => (await fetch(`${shop.siteUrl}wp-json/wc/v3${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(`${shop.consumerKey}:${shop.consumerSecret}`).toString('base64')}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })).json();
    const [order] = [await call('GET', '/orders')].flat();
    expect(Object.keys(recordOf(order)).length).toBeGreaterThan(30);
    // WooCommerce's own code answers it, and its pages have forgotten it.
    expect(strangers(order, 'order-properties', propertiesOf(readDescription(pages.orders)))).toEqual(['currency_symbol']);
    const hook = { name: 'Crossdock', topic: 'order.updated', delivery_url: bench.receiver.url, secret: 's' };
    const ofHooks = propertiesOf(readDescription(pages.webhooks));
    expect(strangers(hook, 'webhook-properties', ofHooks)).toEqual([]);
    expect(strangers(await call('POST', '/webhooks', hook), 'webhook-properties', ofHooks)).toEqual([]);
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import type { SandboxControl } from '@crossdock/sandbox';
import { tenantHeader } from '@crossdock/service-tokens';
import type { Books } from '../books.ts';
import { judge, type Accepted, type Fault } from '../judge.ts';
import type { Finding, Ledger, Requests } from '../ledger.ts';
import { RequestCount } from '../request-count.ts';
import { sendUntilAccepted } from '../sender.ts';
import { accountForCrm, type SentOrder } from './crm-account.ts';
import { revisionAt, type Shop, webhookOf } from './shop.ts';

const WRITERS = 4;
const REVISIONS = 4;
const PAUSE_MS = 60;
const LOOK_TIMEOUT_MS = 15_000;

/** Orders of shops that come by webhook and change a few times; each has to reach the CRM as it was told last. */
export class HubLedger implements Ledger {
  readonly books: Books;
  readonly #shops: readonly Shop[];
  readonly #sandbox: SandboxControl;
  readonly #urls: () => readonly string[];
  readonly #token: () => Promise<string>;
  readonly #stop: () => Promise<void>;
  /** What was sent under each scenario, with the last revision that was answered 200. */
  readonly #sent = new Map<string, SentOrder[]>();
  #writers: Promise<void> = Promise.resolve();
  #isSending = false;
  #lastNumber = 0;
  readonly #requests = new Map<string, RequestCount>();
  /** The CRM counts from its start; each scenario tells of its own. */
  #repeatsTold = 0;

  constructor({ books, shops, sandbox, urls, token, stop }: {
    readonly books: Books; readonly shops: readonly Shop[]; readonly sandbox: SandboxControl;
    /** Where the gateway is reached. */
    readonly urls: () => readonly string[];
    /** An access token for the gateway that may read orders of any tenant. */
    readonly token: () => Promise<string>;
    readonly stop: () => Promise<void>;
  }) {
    this.books = books;
    this.#shops = shops;
    this.#sandbox = sandbox;
    this.#urls = urls;
    this.#token = token;
    this.#stop = stop;
  }

  begin(scenario: string): void {
    this.#isSending = true;
    const orders: SentOrder[] = [];
    this.#sent.set(`${scenario}/`, orders);
    const count = new RequestCount();
    this.#requests.set(scenario, count);
    this.#writers = Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.#write(orders, writer, count))).then(() => undefined);
    this.#writers.catch(() => undefined); // end() tells of it
  }

  async end(): Promise<void> {
    this.#isSending = false;
    await this.#writers;
  }

  async account(scenario?: string): Promise<readonly Finding[]> {
    const orders = scenario === undefined ? [...this.#sent.values()].flat() : (this.#sent.get(scenario) ?? []);
    const numbers = orders.map(({ orderNumber }) => String(orderNumber));
    const stored = await this.books.query<{ id: string; number: string; modified: string }>(
      `SELECT event_id AS id, body ->> 'id' AS number, (body ->> 'date_modified_gmt') || 'Z' AS modified
       FROM (SELECT event_id, convert_from(body, 'UTF8')::jsonb AS body FROM gateway.received_webhook WHERE vendor = 'woocommerce') AS webhook
       WHERE body ->> 'id' = ANY($1)`, [numbers]);
    const accepted = stored.map(({ id, number, modified }): Accepted => ({ id, record: number, sequence: revisionAt(modified) }));
    const effects = await this.books.query<{ id: string }>(
      `SELECT causation_id AS id FROM orders.order_decision JOIN orders.customer_order USING (order_id)
       WHERE kind = 'applied' AND external_id = ANY($1) ORDER BY decision_id`, [numbers]);
    const events = judge(accepted, effects.map(({ id }) => id));
    const { repeats, ...atCrm } = await accountForCrm(this.books, this.#sandbox, this.#shops, orders);
    const earlierRepeats = scenario === undefined ? 0 : this.#repeatsTold;
    this.#repeatsTold = repeats;
    return [
      { what: 'webhooks', ...events, lost: [...forgotten(orders, accepted), ...events.lost] },
      { ...atCrm, repeats: repeats - earlierRepeats },
    ];
  }

  requests(scenario: string): Requests {
    return this.#requests.get(scenario) ?? new RequestCount();
  }

  async stop(): Promise<void> {
    await this.books.close();
    await this.#stop();
  }

  /** Each writer has an order of its own at a time, whose changes follow one another as a shopkeeper's do. */
  async #write(orders: SentOrder[], writer: number, count: RequestCount): Promise<void> {
    const shop = this.#shops[writer % this.#shops.length];
    if (shop === undefined) return;
    while (this.#isSending) {
      this.#lastNumber += 1;
      const order: SentOrder = { shop, orderNumber: this.#lastNumber, revision: 0 };
      orders.push(order);
      for (let revision = 1; revision <= REVISIONS; revision += 1) {
        await sendUntilAccepted(webhookOf(shop, { orderNumber: order.orderNumber, revision }), this.#urls, count);
        await this.#look(shop, count);
        order.revision = revision;
        await pause(PAUSE_MS);
      }
    }
  }

  /** Asks the gateway for the shop's orders, which it asks the service behind it for: nothing is tried again. */
  async #look({ tenantId, connectionId }: Shop, count: RequestCount): Promise<void> {
    const path = `/v1/orders?${new URLSearchParams({ connectionId, limit: '5' }).toString()}`;
    const [url = ''] = this.#urls();
    try {
      const response = await fetch(`${url}${path}`, {
        headers: { authorization: `Bearer ${await this.#token()}`, [tenantHeader]: tenantId }, signal: AbortSignal.timeout(LOOK_TIMEOUT_MS),
      });
      await response.arrayBuffer();
      count.add(response.ok ? undefined : `GET ${path}: ${response.status}`);
    } catch (error) {
      count.add(`GET ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** What was answered 200 and is not stored. */
function forgotten(orders: readonly SentOrder[], accepted: readonly Accepted[]): Fault[] {
  const stored = new Set(accepted.map(({ record, sequence }) => `${record}/${sequence}`));
  return orders.flatMap(({ orderNumber, revision: last }) => Array.from({ length: last }, (_, index) => index + 1)
    .filter((revision) => !stored.has(`${orderNumber}/${revision}`))
    .map((revision) => ({ id: `order ${orderNumber}`, what: `revision ${revision} was answered 200 and is not stored` })));
}

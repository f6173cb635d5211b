import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { deterministicId } from '@crossdock/contracts';
import type { Books } from '../books.ts';
import { judge, type Accepted } from '../judge.ts';
import type { Finding, Ledger, Requests } from '../ledger.ts';
import { RequestCount } from '../request-count.ts';
import { sendUntilAccepted } from '../sender.ts';
import type { CountingVendor } from './vendor.ts';

const WRITERS = 6;
const RECORDS = 30;
const TENANTS = 5;
const PAUSE_MS = 25;

const tenantIds = Array.from({ length: TENANTS }, (_, index) => deterministicId('crash-tenant', String(index)));

/** Several writers on few records, so that writers of one record meet, in whichever replica they are. */
export class PairLedger implements Ledger {
  readonly books: Books;
  readonly #vendor: CountingVendor;
  readonly #urls: () => readonly string[];
  /** Event ids of what was answered 200. */
  readonly #acknowledged = new Map<string, string>();
  readonly #requests = new Map<string, RequestCount>();
  #writers: Promise<void> = Promise.resolve();
  #isSending = false;

  /** @param urls where the replicas that accept are */
  constructor(books: Books, vendor: CountingVendor, urls: () => readonly string[]) {
    this.books = books;
    this.#vendor = vendor;
    this.#urls = urls;
  }

  begin(scenario: string): void {
    this.#isSending = true;
    const count = new RequestCount();
    this.#requests.set(scenario, count);
    this.#writers = Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.#write(scenario, writer, count))).then(() => undefined);
    this.#writers.catch(() => undefined); // end() tells of it
  }

  async end(): Promise<void> {
    this.#isSending = false;
    await this.#writers;
  }

  async account(scenario?: string): Promise<readonly Finding[]> {
    const records = `${scenario ?? ''}%`;
    const accepted = await this.books.query<Accepted>(
      'SELECT event_id AS id, tenant_id || \'/\' || record AS record, sequence FROM gateway.accepted WHERE record LIKE $1 ORDER BY record, sequence', [records]);
    const effectsOf = async (table: 'event_effect' | 'task_effect'): Promise<string[]> =>
      (await this.books.query<{ id: string }>(`SELECT event_id AS id FROM orders.${table} WHERE record LIKE $1 ORDER BY position`, [records])).map(({ id }) => id);
    const stored = new Set(accepted.map(({ id }) => id));
    const forgotten = [...this.#acknowledged].filter(([id, record]) => record.startsWith(scenario ?? '') && !stored.has(id))
      .map(([id, record]) => ({ id, what: `${record} was answered 200 and is not stored` }));
    const calls = this.#vendor.countCalls([...stored]);
    const events = judge(accepted, await effectsOf('event_effect'));
    const tasks = judge(accepted, await effectsOf('task_effect'));
    return [
      { what: 'events', ...events, lost: [...forgotten, ...events.lost] },
      { what: 'tasks', ...tasks, lost: [...tasks.lost, ...calls.missing.map((id) => ({ id, what: 'the vendor was never told' }))], repeats: calls.repeats },
    ];
  }

  requests(scenario: string): Requests {
    return this.#requests.get(scenario) ?? new RequestCount();
  }

  async stop(): Promise<void> {
    this.#vendor.stop();
    await this.books.close();
  }

  async #write(scenario: string, writer: number, count: RequestCount): Promise<void> {
    for (let turn = 0; this.#isSending; turn += 1) {
      const number = (turn * WRITERS + writer * 7) % RECORDS;
      const record = `${scenario}/${number}`;
      const requestId = randomUUID();
      const body = JSON.stringify({ requestId, tenantId: tenantIds[number % TENANTS], record });
      await sendUntilAccepted({ path: '/accept', headers: {}, body }, this.#urls, count);
      this.#acknowledged.set(deterministicId('crash', requestId), record);
      await pause(PAUSE_MS);
    }
  }
}

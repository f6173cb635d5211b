import { readCapabilities, ShortMemory, type Connection } from '@crossdock/connections';
import { deterministicId, Failure } from '@crossdock/contracts';
import type { CrmConnector, DealLines } from '@crossdock/crm-connector';
import { TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { CRM_CONNECTOR } from '../connector-task.ts';
import { readLineDigests } from './deal-lines.repository.ts';

/** That an account keeps line items may change when it is connected again; until that is noticed, a refusal is told with the lines. */
const capabilityKeptMs = 60_000;

/** Lines that were written, to be remembered by their digest once the work is done. */
export interface LinesWritten {
  readonly count: number;
  readonly digest: string;
}

/** Gives deals their lines as the CRM's own line items, where the account keeps such and they are not those that it was given last. */
@Injectable()
export class DealLineWrites {
  readonly #database: TenantDatabase;
  readonly #connector: CrmConnector;
  readonly #accounts = new ShortMemory<true>({ keptMs: capabilityKeptMs, maxEntries: 10_000, nowMs: Date.now });

  constructor(database: TenantDatabase, @Inject(CRM_CONNECTOR) connector: CrmConnector) {
    this.#database = database;
    this.#connector = connector;
  }

  /** @returns what became of the lines of each deal, in order; undefined where there was nothing to do. */
  async write(connection: Connection, deals: readonly DealLines[], signal: AbortSignal): Promise<Array<LinesWritten | Failure | undefined>> {
    const { dealLines } = this.#connector;
    if (!dealLines || deals.length === 0 || !await this.#keepsLines(connection)) return deals.map(() => undefined);
    const known = await this.#known(connection, deals.filter(({ isNew }) => !isNew));
    const due = deals.map((deal) => ({ deal, digest: deterministicId('deal lines', deal.owner, JSON.stringify(deal.lines)) }))
      .filter(({ deal, digest }) => deal.isNew || known.get(deal.dealId) !== digest);
    const results = due.length === 0 ? [] : await dealLines.write(connection, due.map(({ deal }) => deal), signal);
    const byDeal = new Map(due.map(({ deal, digest }, index): [DealLines, LinesWritten | Failure] => {
      const result = results[index] ?? new Failure('outcome_unknown', 'The lines of the deal got no result.');
      return [deal, result instanceof Failure ? result : { count: deal.lines.length, digest }];
    }));
    return deals.map((deal) => byDeal.get(deal));
  }

  /** That an account keeps none is looked up each time: it may have been set up just now. */
  async #keepsLines(connection: Connection): Promise<boolean> {
    return await this.#accounts.get(connection.id, () => this.#database.transaction(connection.tenantId, async (manager) => {
      const { report } = await readCapabilities(manager, connection.id) ?? {};
      return report?.capabilities.some(({ name, available }) => name === 'line_items' && available) === true || undefined;
    })) ?? false;
  }

  /** What deals that were there before have been given last. */
  async #known(connection: Connection, deals: readonly DealLines[]): Promise<Map<string, string>> {
    if (deals.length === 0) return new Map();
    return this.#database.transaction(connection.tenantId, (manager) => readLineDigests(manager, connection, deals.map(({ dealId }) => dealId)));
  }
}

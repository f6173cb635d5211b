import { Client, escapeIdentifier } from 'pg';
import { SERVICES } from '../services.ts';
import { until } from './until.ts';

const quietRoundsNeeded = 12;

/** Looks into the hub's own tables, never writes: what was accepted, and whether anything is still to be done. */
export class HubBooks {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(databaseAdminUrl: string): Promise<HubBooks> {
    const client = new Client({ connectionString: databaseAdminUrl });
    await client.connect();
    return new HubBooks(client);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async acceptedWebhooks(tenantId: string): Promise<number> {
    const { rows } = await this.#client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM gateway.received_webhook WHERE tenant_id = $1', [tenantId]);
    return rows[0]?.count ?? 0;
  }

  /** Waits until nothing of the tenant's is under way: for a while no event waits to be published and no task to be run, but for those planned for later. */
  async untilAtRest(tenantId: string): Promise<void> {
    const pending = SERVICES.flatMap(({ name }) => {
      const schema = escapeIdentifier(name.replaceAll('-', '_'));
      return [
        `SELECT count(*) AS n FROM ${schema}.outbox WHERE tenant_id = $1`,
        `SELECT count(*) AS n FROM ${schema}.task WHERE tenant_id = $1 AND (state IN ('ready', 'running') OR state = 'waiting' AND attempt > 0)`,
      ];
    }).join(' UNION ALL ');
    let quietRounds = 0;
    await until('the work to come to rest', async () => {
      const { rows } = await this.#client.query<{ total: number }>(`SELECT sum(n)::int AS total FROM (${pending}) AS pending`, [tenantId]);
      quietRounds = rows[0]?.total === 0 ? quietRounds + 1 : 0;
      return quietRounds >= quietRoundsNeeded;
    });
  }
}

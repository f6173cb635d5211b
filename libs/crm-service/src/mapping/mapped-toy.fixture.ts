import type { Connection } from '@crossdock/connections';
import type { CrmObject, FieldDescription, ObjectDescription } from '@crossdock/contracts';
import type { ChangePage, CrmRecord, FieldSelection, GoneRecord } from '@crossdock/crm-connector';
import { refer, ToyConnector } from '@crossdock/crm-connector/toy-connector.fixture';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { z } from 'zod';
import type { RecordTenant } from '../records/record-tenant.fixture.ts';
import { ToyService } from '../records/toy-service.fixture.ts';

/** The toy CRM, whose administrator changes the fields of contacts. */
class ChangingToy extends ToyConnector {
  #change = (fields: FieldDescription[]): FieldDescription[] => fields;

  changeContacts(change: (fields: FieldDescription[]) => FieldDescription[]): void {
    this.#change = change;
  }

  override async describe(connection: Connection, object: CrmObject): Promise<ObjectDescription> {
    const { fields } = await super.describe(connection, object);
    return { object, fields: object === 'contact' ? this.#change(fields) : fields };
  }

  override async getByIds(connection: Connection, selection: FieldSelection, ids: readonly string[]): Promise<Map<string, CrmRecord | GoneRecord>> {
    const found = await super.getByIds(connection, selection, ids);
    return new Map([...found].map(([id, record]) => [id, 'gone' in record ? record : this.#whole(record)]));
  }

  override async listChanges(connection: Connection, selection: FieldSelection, cursor?: string): Promise<ChangePage> {
    const page = await super.listChanges(connection, selection, cursor);
    return { ...page, records: page.records.map((record) => this.#whole(record)) };
  }

  /** With the fields that were added. */
  #whole(record: CrmRecord): CrmRecord {
    return { ...record, fields: { ...record.fields, ...this.crm.get(refer(record))?.fields } };
  }
}

/** A CRM service before the toy, and an administrator of one of its accounts. */
export class MappedToy {
  private constructor(readonly service: ToyService, readonly toy: ChangingToy, private readonly issuer: IssuerFixture) {}

  static async start(): Promise<MappedToy> {
    const [toy, issuer] = [new ChangingToy(), await startIssuer()];
    return new MappedToy(await ToyService.start(toy, { authIssuerUrl: issuer.url }), toy, issuer);
  }

  async stop(): Promise<void> {
    await this.service.world.stop();
    await this.issuer.stop();
  }

  async administrator(): Promise<Administrator> {
    const token = await this.issuer.sign({ claims: { aud: 'crm-hubspot', scope: 'connections:read connections:write tenant:any' } });
    return new Administrator(await this.service.tenant(), token);
  }
}

/** Who maps the fields of an account. */
export class Administrator {
  constructor(readonly tenant: RecordTenant, private readonly token: string) {}

  readonly call = async (method: 'GET' | 'POST' | 'PUT', path: string, payload?: Record<string, unknown>, tenantId = this.tenant.shop.tenantId) => {
    const { world, shop: { connection } } = this.tenant;
    const response = await world.service.app.inject({
      method, url: `/v1/connections/${connection.id}/${path}`, headers: { authorization: `Bearer ${this.token}`, 'x-crossdock-tenant': tenantId }, ...(payload && { payload }),
    });
    return { status: response.statusCode, body: z.looseObject({}).parse(response.json()) };
  };

  /** Saves upon the version that holds, unless another one was seen. */
  readonly save = async (rules: Record<string, unknown>, seen?: number) =>
    this.call('PUT', 'mappings/contact', { rules, savedBy: 'a-client', seen: seen ?? await this.#version() });

  readonly rollBack = async (version: number, seen?: number) =>
    this.call('POST', 'mappings/contact/roll-back', { version, seen: seen ?? await this.#version() });

  async #version(): Promise<number> {
    return z.looseObject({ version: z.int() }).parse((await this.call('GET', 'mappings/contact')).body).version;
  }
}

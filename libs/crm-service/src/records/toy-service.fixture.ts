import { randomUUID } from 'node:crypto';
import type { CrmObject, FieldValue } from '@crossdock/contracts';
import type { RecordRef } from '@crossdock/crm-connector';
import { refer, ToyConnector, type ToyRecord } from '@crossdock/crm-connector/toy-connector.fixture';
import type { ServiceDefinition } from '@crossdock/service-kit';
import { HubSpotAuthorisation, hubSpotAppShape } from '@crossdock/vendor-hubspot';
import { z } from 'zod';
import { crmServiceConfigShape } from '../crm-service.config.ts';
import { CrmServiceWorld } from '../crm-service.fixture.ts';
import { CrmServiceModule } from '../crm-service.module.ts';
import { RecordTenant } from './record-tenant.fixture.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const config = z.object({ ...crmServiceConfigShape, ...hubSpotAppShape });

export function toyServiceDefinition(toy: ToyConnector): ServiceDefinition<typeof config> {
  return {
    name: 'crm-hubspot', config,
    module: (settings) => CrmServiceModule.forVendor({
      vendor: 'hubspot',
      connector: () => toy,
      authorisation: (http) => new HubSpotAuthorisation(http, settings),
    }, settings),
  };
}

/** A CRM service whose records are the toy's; accounts are connected at HubSpot's stand-in. */
export class ToyService {
  private constructor(readonly world: CrmServiceWorld, readonly toy: ToyConnector) {}

  static async start(toy = new ToyConnector(), settings: Readonly<Record<string, string>> = {}): Promise<ToyService> {
    const world = await CrmServiceWorld.start('hubspot', toyServiceDefinition(toy), (sandboxUrl) => ({
      ...settings, hubspotApiUrl: `${sandboxUrl}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret,
    }));
    return new ToyService(world, toy);
  }

  /** A tenant with an account of its own; the toy holds one account's records for all of them. */
  async tenant(): Promise<RecordTenant> {
    const portal = await this.world.control.createHubSpotPortal(app);
    const shop = await this.world.tenant({ accountId: String(portal.portalId), tokens: portal });
    return new RecordTenant(this.world, shop);
  }

  /** A person makes or changes a record. */
  put(object: CrmObject, fields: Record<string, FieldValue>, { id = randomUUID(), ...more }: Partial<Omit<ToyRecord, 'object' | 'fields' | 'changed'>> = {}): string {
    const before = this.toy.crm.get(refer({ object, id }));
    this.toy.put({ associations: [], ...before, ...more, object, id, fields: { ...before?.fields, ...fields } });
    return id;
  }

  /** A person takes the deletion of a record back. */
  restore(ref: RecordRef): void {
    const record = this.toy.crm.get(refer(ref));
    if (!record) throw new Error(`The toy has no ${refer(ref)}.`);
    const { gone: _, ...restored } = record;
    this.toy.put(restored);
  }

  /** A person deletes a record, or merges it into another one. */
  remove(ref: RecordRef, mergedInto?: string): void {
    const record = this.toy.crm.get(refer(ref));
    if (!record) throw new Error(`The toy has no ${refer(ref)}.`);
    this.toy.put({ ...record, gone: { ...ref, ...(mergedInto === undefined ? { gone: 'archived' } : { gone: 'merged', mergedInto }) } });
  }
}

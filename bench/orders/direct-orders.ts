import type { SandboxControl } from '@crossdock/sandbox';
import { z } from 'zod';
import type { Measurement } from '../bench.ts';
import { buyIn, type BenchOrder } from './bench-shop.ts';

const idsSchema = z.object({ results: z.array(z.object({ id: z.string() })).min(1) });

/** A shop and a HubSpot account that no hub is connected to. */
export interface DirectAccounts {
  readonly shop: string;
  readonly shopApi: string;
  readonly shopAuthorization: string;
  readonly accessToken: string;
}

/**
 * The calls that the hub makes for an order, one order and one call after the other, with nothing kept in between: what breaks off
 * half-way is lost, and what comes twice is done twice.
 */
export class DirectOrders {
  readonly #sandbox: SandboxControl;
  readonly #hubspot: string;
  readonly #accounts: DirectAccounts;
  /** The calls for the last order, by the names that the hub has for them. */
  operations: string[] = [];

  constructor(sandbox: SandboxControl, sandboxUrl: string, accounts: DirectAccounts) {
    this.#sandbox = sandbox;
    this.#hubspot = `${sandboxUrl}/hubspot`;
    this.#accounts = accounts;
  }

  /** @throws Error where a stand-in refuses a call. */
  async run(count: number): Promise<Measurement> {
    const startedMs = performance.now();
    for (let index = 0; index < count; index += 1) await this.#carry(await buyIn(this.#sandbox, this.#accounts.shop));
    return { count, seconds: (performance.now() - startedMs) / 1_000 };
  }

  async #carry({ id, email }: BenchOrder): Promise<void> {
    this.operations = [];
    const key = `direct-${id}`;
    await this.#callHubSpot('contacts.batchRead', 'v3/objects/contacts/batch/read', { idProperty: 'email', properties: ['email'], inputs: [{ id: email }] });
    await this.#callHubSpot('contacts.search', 'v3/objects/contacts/search', {
      filterGroups: [{ filters: [{ propertyName: 'hs_additional_emails', operator: 'IN', values: [email] }] }], properties: ['email'], limit: 100,
    });
    const contactId = await this.#write('contacts.batchUpsert', 'v3/objects/contacts/batch/upsert', {
      inputs: [{ idProperty: 'email', id: email, properties: { firstname: 'Jordan', lastname: 'Rivera' } }],
    });
    await this.#callHubSpot('deals.batchRead', 'v3/objects/deals/batch/read', { idProperty: 'crossdock_external_id', properties: ['dealstage'], inputs: [{ id: key }] });
    const dealId = await this.#write('deals.batchUpsert', 'v3/objects/deals/batch/upsert', {
      inputs: [{ idProperty: 'crossdock_external_id', id: key, properties: { dealname: `Order ${id}`, amount: '58.70' } }],
    });
    await this.#callHubSpot('associations.batchCreate', 'v4/associations/deals/contacts/batch/associate/default', { inputs: [{ from: { id: dealId }, to: { id: contactId } }] });
    const associations = [{ to: { id: dealId }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 20 }] }];
    const lines = [{ name: 'Cold brew kit', quantity: '2', price: '14.50', hs_external_id: `${key}/1` }, { name: 'House blend', quantity: '1', price: '29.70', hs_external_id: `${key}/2` }];
    await this.#write('line_items.batchCreate', 'v3/objects/line_items/batch/create', { inputs: lines.map((properties) => ({ properties, associations })) });
    // HubSpot tells that the deal was made; what it is now has to be asked.
    await this.#write('deals.batchRead', 'v3/objects/deals/batch/read', { properties: ['dealname', 'amount', 'dealstage'], inputs: [{ id: dealId }] });
    for (const others of ['companies', 'contacts']) await this.#callHubSpot('associations.batchRead', `v4/associations/deals/${others}/batch/read`, { inputs: [{ id: dealId }] });
    await this.#write('contacts.batchRead', 'v3/objects/contacts/batch/read', { properties: ['email'], inputs: [{ id: contactId }] });
    await this.#call('orders.updateSeveral', `${this.#accounts.shopApi}/orders/batch`, { update: [{ id, meta_data: [{ key: 'crm_order_id', value: dealId }] }] }, this.#accounts.shopAuthorization);
  }

  async #write(operation: string, path: string, body: object): Promise<string> {
    const { results: [first] } = idsSchema.parse(await this.#callHubSpot(operation, path, body));
    if (!first) throw new Error(`HubSpot's stand-in answered ${path} with nothing.`);
    return first.id;
  }

  #callHubSpot(operation: string, path: string, body: object): Promise<unknown> {
    return this.#call(operation, `${this.#hubspot}/crm/${path}`, body, `Bearer ${this.#accounts.accessToken}`);
  }

  async #call(operation: string, url: string, body: object, authorization: string): Promise<unknown> {
    this.operations.push(operation);
    const answer = await fetch(url, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${operation} was answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

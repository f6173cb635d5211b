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
    const key = `direct-${id}`;
    const contactId = await this.#write('contacts/batch/upsert', { inputs: [{ idProperty: 'email', id: email, properties: { firstname: 'Jordan', lastname: 'Rivera' } }] });
    await this.#call('POST', `${this.#hubspot}/crm/v3/objects/deals/batch/read`, { idProperty: 'crossdock_external_id', properties: ['dealstage'], inputs: [{ id: key }] });
    const dealId = await this.#write('deals/batch/upsert', { inputs: [{ idProperty: 'crossdock_external_id', id: key, properties: { dealname: `Order ${id}`, amount: '58.70' } }] });
    await this.#call('PUT', `${this.#hubspot}/crm/v4/objects/deals/${dealId}/associations/default/contacts/${contactId}`);
    const associations = [{ to: { id: dealId }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 20 }] }];
    const lines = [{ name: 'Cold brew kit', quantity: '2', price: '14.50', hs_external_id: `${key}/1` }, { name: 'House blend', quantity: '1', price: '29.70', hs_external_id: `${key}/2` }];
    await this.#write('line_items/batch/create', { inputs: lines.map((properties) => ({ properties, associations })) });
    // HubSpot tells that the deal was made; what it is now has to be asked.
    await this.#write('deals/batch/read', { properties: ['dealname', 'amount', 'dealstage'], inputs: [{ id: dealId }] });
    await this.#call('POST', `${this.#hubspot}/crm/v4/associations/deals/contacts/batch/read`, { inputs: [{ id: dealId }] });
    await this.#write('contacts/batch/read', { properties: ['email'], inputs: [{ id: contactId }] });
    await this.#call('PUT', `${this.#accounts.shopApi}/orders/${id}`, { meta_data: [{ key: 'crm_order_id', value: dealId }] }, this.#accounts.shopAuthorization);
  }

  async #write(path: string, body: object): Promise<string> {
    const { results: [first] } = idsSchema.parse(await this.#call('POST', `${this.#hubspot}/crm/v3/objects/${path}`, body));
    if (!first) throw new Error(`HubSpot's stand-in answered ${path} with nothing.`);
    return first.id;
  }

  async #call(method: string, url: string, body?: object, authorization = `Bearer ${this.#accounts.accessToken}`): Promise<unknown> {
    const answer = await fetch(url, {
      method, headers: { authorization, ...(body && { 'content-type': 'application/json' }) }, ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname} was answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import type { ConsentInput } from '../authorization/consent.ts';
import type { RecordAnswer } from '../hubspot/crm/record-answer.ts';
import type { FieldValue } from '../salesforce/records/sobject-records.ts';
import type { Track, Transaction } from '../shippo/shippo-accounts.ts';
import type { Vendor } from '../vendor-refusal.ts';
import type { Delivery } from '../webhooks/webhook-delivery.ts';
import type { Order, OrderInputBody } from '../woocommerce/orders/shop-order.ts';
import type { RecordWrites, WriteCounts } from '../write-journal.ts';
import type { ModuleName } from '../zoho/records/module-fields.ts';
import type { FaultInput } from './fault.schema.ts';
import type { DynamicsAbilitiesInput, DynamicsEnvironmentCreated, DynamicsEnvironmentInput } from './dynamics-control.schema.ts';
import type { HubSpotPortalCreated, HubSpotPortalInput, HubSpotRecordInput } from './hubspot-control.schema.ts';
import type { OpenIdApplicationCreated, OpenIdPersonInput } from './openid-control.schema.ts';
import type { PipedriveCompanyCreated, PipedriveCompanyInput } from './pipedrive-control.schema.ts';
import type { SalesforceAbilitiesInput, SalesforceOrgCreated, SalesforceOrgInput } from './salesforce-control.schema.ts';
import type { ShippoAccountCreated, ShippoAccountInput, ShippoAdvanceInput, ShippoMarketInput, ShippoRefundInput } from './shippo-control.schema.ts';
import type { WooCommerceShopCreated, WooCommerceShopInput } from './woocommerce-control.schema.ts';
import type { ZohoAbilitiesInput, ZohoOrgCreated, ZohoOrgInput } from './zoho-control.schema.ts';

type HubSpotType = 'contacts' | 'companies' | 'deals' | 'line_items';
type PipedriveType = 'persons' | 'organizations' | 'deals';

type ZohoRecordAnswer = Record<string, unknown> & { id: string };

/** A typed caller of the control API. Every call rejects with the API's own sentence when it is refused. */
export class SandboxControl {
  private readonly url: string;
  private readonly token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  createHubSpotPortal(input: HubSpotPortalInput = {}): Promise<HubSpotPortalCreated> {
    return this.call('POST', '/hubspot/portals', input);
  }

  /** All records of a type with everything they hold. */
  async hubSpotRecords(portalId: number, type: HubSpotType): Promise<RecordAnswer[]> {
    const path = `/hubspot/portals/${String(portalId)}/${type}`;
    return (await this.call<{ results: RecordAnswer[] }>('GET', path)).results;
  }

  /** A person adds a text property with unique values in HubSpot's own pages, or one of a list of words, by value and label. */
  async addHubSpotProperty(
    portalId: number, type: HubSpotType, name: string,
    { hasUniqueValue = true, label = name, words }: { hasUniqueValue?: boolean; label?: string; words?: Readonly<Record<string, string>> } = {},
  ): Promise<void> {
    await this.call('POST', `/hubspot/portals/${String(portalId)}/properties/${type}`, {
      name, label, groupName: 'dealinformation', hasUniqueValue,
      ...(words
        ? { type: 'enumeration', fieldType: 'select', options: Object.entries(words).map(([value, wordLabel], displayOrder) => ({ value, label: wordLabel, displayOrder, hidden: false })) }
        : { type: 'string', fieldType: 'text' }),
    });
  }

  /** An administrator takes a property away. */
  async removeHubSpotProperty(portalId: number, type: HubSpotType, name: string): Promise<void> {
    await this.call('DELETE', `/hubspot/portals/${String(portalId)}/properties/${type}/${name}`);
  }

  /** A person adds a record in HubSpot's own pages. */
  addHubSpotRecord(portalId: number, type: HubSpotType, input: HubSpotRecordInput): Promise<RecordAnswer> {
    return this.call('POST', `/hubspot/portals/${String(portalId)}/${type}`, input);
  }

  /** A person edits a record in HubSpot's own pages: the webhook says CRM_UI. */
  editHubSpotRecord(portalId: number, type: HubSpotType, id: string, input: HubSpotRecordInput): Promise<RecordAnswer> {
    return this.call('PATCH', `/hubspot/portals/${String(portalId)}/${type}/${id}`, input);
  }

  async deleteHubSpotRecord(portalId: number, type: HubSpotType, id: string): Promise<void> {
    await this.call('DELETE', `/hubspot/portals/${String(portalId)}/${type}/${id}`);
  }

  /** A person imports records, all at one time, which is now unless an earlier one is given. @returns their ids. */
  async importHubSpotRecords(portalId: number, type: HubSpotType, records: readonly HubSpotRecordInput[], changedAt?: Date): Promise<string[]> {
    const body = { records, ...(changedAt && { changedAt: changedAt.toISOString() }) };
    return (await this.call<{ ids: string[] }>('POST', `/hubspot/portals/${String(portalId)}/${type}/import`, body)).ids;
  }

  /** A person merges two records: both go into a new one, which is answered. */
  mergeHubSpotRecords(portalId: number, type: HubSpotType, primaryId: string, secondaryId: string): Promise<RecordAnswer> {
    return this.call('POST', `/hubspot/portals/${String(portalId)}/${type}/merge`, { primaryId, secondaryId });
  }

  async associateHubSpotRecords(portalId: number, from: { type: HubSpotType; id: string }, to: { type: HubSpotType; id: string }): Promise<void> {
    await this.call('POST', `/hubspot/portals/${String(portalId)}/${from.type}/${from.id}/associations/${to.type}/${to.id}`);
  }

  /** @returns ids; the primary company comes first. */
  async hubSpotAssociations(portalId: number, from: { type: HubSpotType; id: string }, toType: HubSpotType): Promise<string[]> {
    return (await this.call<{ ids: string[] }>('GET', `/hubspot/portals/${String(portalId)}/${from.type}/${from.id}/associations/${toType}`)).ids;
  }

  createShippoAccount(input: ShippoAccountInput = {}): Promise<ShippoAccountCreated> {
    return this.call('POST', '/shippo/accounts', input);
  }

  /** Another API token of an account; the ones before stay good until they are removed. */
  async makeShippoToken(account: string): Promise<string> {
    return (await this.call<{ token: string }>('POST', `/shippo/accounts/${account}/tokens`)).token;
  }

  async removeShippoToken(account: string, token: string): Promise<void> {
    await this.call('DELETE', `/shippo/accounts/${account}/tokens/${token}`);
  }

  /** Switches carrier accounts on and off, and changes what carriers ask. */
  async changeShippoMarket(account: string, input: ShippoMarketInput): Promise<void> {
    await this.call('PATCH', `/shippo/accounts/${account}`, input);
  }

  /** The carrier decides about a label that was given back. */
  async settleShippoRefund(account: string, transaction: string, status: ShippoRefundInput['status']): Promise<void> {
    await this.call('POST', `/shippo/accounts/${account}/transactions/${transaction}/refund`, { status });
  }

  /** A person gives a label back in Shippo's own pages. */
  async spoilShippoTransaction(account: string, transaction: string): Promise<void> {
    await this.call('POST', `/shippo/accounts/${account}/transactions/${transaction}/spoil`);
  }

  async shippoTransactions(account: string): Promise<Transaction[]> {
    return (await this.call<{ results: Transaction[] }>('GET', `/shippo/accounts/${account}/transactions`)).results;
  }

  async shippoTracks(account: string): Promise<Track[]> {
    return (await this.call<{ results: Track[] }>('GET', `/shippo/accounts/${account}/tracks`)).results;
  }

  /** The carrier reports the parcel's next status, or the one that is given. */
  advanceShippoTrack(account: string, carrier: string, number: string, input: ShippoAdvanceInput = {}): Promise<Track> {
    return this.call('POST', `/shippo/accounts/${account}/tracks/${carrier}/${number}/advance`, input);
  }

  createWooCommerceShop(input: WooCommerceShopInput): Promise<WooCommerceShopCreated> {
    return this.call('POST', '/woocommerce/shops', input);
  }

  /** A customer buys. */
  placeWooCommerceOrder(shop: string, input: OrderInputBody): Promise<Order> {
    return this.call('POST', `/woocommerce/shops/${shop}/orders`, input);
  }

  /** The shopkeeper edits an order. */
  editWooCommerceOrder(shop: string, id: number, input: OrderInputBody): Promise<Order> {
    return this.call('PATCH', `/woocommerce/shops/${shop}/orders/${String(id)}`, input);
  }

  /** The shopkeeper gives money back. */
  refundWooCommerceOrder(shop: string, id: number, refund: { amount: string; reason?: string }): Promise<Order> {
    return this.call('POST', `/woocommerce/shops/${shop}/orders/${String(id)}/refunds`, refund);
  }

  /** The shopkeeper puts an order into the bin or, with `force`, away for good. */
  async deleteWooCommerceOrder(shop: string, id: number, { force = false } = {}): Promise<void> {
    await this.call('DELETE', `/woocommerce/shops/${shop}/orders/${String(id)}?force=${String(force)}`);
  }

  /** The shopkeeper takes an order out of the bin. */
  restoreWooCommerceOrder(shop: string, id: number): Promise<Order> {
    return this.call('POST', `/woocommerce/shops/${shop}/orders/${String(id)}/restore`);
  }

  async wooCommerceWebhooks(shop: string): Promise<{ id: number; topic: string; status: string; deliveryUrl: string; failureCount: number }[]> {
    return (await this.call<{ results: { id: number; topic: string; status: string; deliveryUrl: string; failureCount: number }[] }>(
      'GET', `/woocommerce/shops/${shop}/webhooks`)).results;
  }

  /** The shopkeeper pauses a webhook, or the shop switches it off. */
  async setWooCommerceWebhook(shop: string, id: number, status: 'active' | 'paused' | 'disabled'): Promise<void> {
    await this.call('PATCH', `/woocommerce/shops/${shop}/webhooks/${String(id)}`, { status });
  }

  async removeWooCommerceWebhook(shop: string, id: number): Promise<void> {
    await this.call('DELETE', `/woocommerce/shops/${shop}/webhooks/${String(id)}`);
  }

  /** Another key that reads and writes; the ones before stay good until they are removed. */
  makeWooCommerceKey(shop: string): Promise<Pick<WooCommerceShopCreated, 'consumerKey' | 'consumerSecret'>> {
    return this.call('POST', `/woocommerce/shops/${shop}/keys`);
  }

  async removeWooCommerceKey(shop: string, consumerKey: string): Promise<void> {
    await this.call('DELETE', `/woocommerce/shops/${shop}/keys/${consumerKey}`);
  }

  async wooCommerceOrders(shop: string): Promise<Order[]> {
    return (await this.call<{ results: Order[] }>('GET', `/woocommerce/shops/${shop}/orders`)).results;
  }

  createSalesforceOrg(input: SalesforceOrgInput = {}): Promise<SalesforceOrgCreated> {
    return this.call('POST', '/salesforce/orgs', input);
  }

  /** Another edition, or other rights of the org's user; what is left out stays. */
  async changeSalesforceOrg(orgId: string, abilities: SalesforceAbilitiesInput): Promise<void> {
    await this.call('PATCH', `/salesforce/orgs/${orgId}`, abilities);
  }

  /** How many clients listen to the org's change events. */
  async salesforceStreams(orgId: string): Promise<number> {
    return (await this.call<{ clients: number }>('GET', `/salesforce/orgs/${orgId}/streams`)).clients;
  }

  /** Ends the sessions of all clients that listen. */
  async endSalesforceStreams(orgId: string): Promise<void> {
    await this.call('DELETE', `/salesforce/orgs/${orgId}/streams`);
  }

  /** As if the 72 hours were over for which change events can be replayed. */
  async forgetSalesforceEvents(orgId: string): Promise<void> {
    await this.call('DELETE', `/salesforce/orgs/${orgId}/change-events`);
  }

  /** Tells of records that have changed in a way that the org cannot say, or of so many that it names none. */
  async tellSalesforceGap(orgId: string, type: string, ids: string[]): Promise<void> {
    await this.call('POST', `/salesforce/orgs/${orgId}/change-events/gaps`, { type, ids });
  }

  async salesforceRecords(orgId: string, type: string): Promise<Record<string, FieldValue>[]> {
    return (await this.call<{ results: Record<string, FieldValue>[] }>('GET', `/salesforce/orgs/${orgId}/${type}`)).results;
  }

  editSalesforceRecord(orgId: string, type: string, id: string, values: Record<string, unknown>): Promise<Record<string, FieldValue>> {
    return this.call('PATCH', `/salesforce/orgs/${orgId}/${type}/${id}`, values);
  }

  /** A person, or an import, makes records, all at one time. Answers their ids. */
  async addSalesforceRecords(orgId: string, type: string, records: Record<string, unknown>[]): Promise<string[]> {
    return (await this.call<{ ids: string[] }>('POST', `/salesforce/orgs/${orgId}/${type}`, records)).ids;
  }

  async deleteSalesforceRecord(orgId: string, type: string, id: string): Promise<void> {
    await this.call('DELETE', `/salesforce/orgs/${orgId}/${type}/${id}`);
  }

  /** Another transaction holds these records, and no others. */
  async lockSalesforceRecords(orgId: string, ids: string[]): Promise<void> {
    await this.call('PUT', `/salesforce/orgs/${orgId}/locks`, ids);
  }

  /** The loser goes into the winner. */
  async mergeSalesforceContacts(orgId: string, winner: string, loser: string): Promise<void> {
    await this.call('POST', `/salesforce/orgs/${orgId}/Contact/${winner}/merge/${loser}`, {});
  }

  /** An administrator deletes a custom field. */
  async removeSalesforceField(orgId: string, type: string, field: string): Promise<void> {
    await this.call('DELETE', `/salesforce/orgs/${orgId}/fields/${type}/${field}`);
  }

  createPipedriveCompany(input: PipedriveCompanyInput = {}): Promise<PipedriveCompanyCreated> {
    return this.call('POST', '/pipedrive/companies', input);
  }

  /** All persons, deals or webhooks of a company. */
  async pipedriveRecords(domain: string, type: PipedriveType | 'webhooks'): Promise<Record<string, unknown>[]> {
    return (await this.call<{ results: Record<string, unknown>[] }>('GET', `/pipedrive/companies/${domain}/${type}`)).results;
  }

  /** A person adds a record in Pipedrive's own pages. */
  addPipedriveRecord(domain: string, type: PipedriveType, values: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.call('POST', `/pipedrive/companies/${domain}/${type}`, values);
  }

  /** A person edits a record in Pipedrive's own pages: the webhook says `app`. */
  editPipedriveRecord(domain: string, type: PipedriveType, id: string, values: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.call('PATCH', `/pipedrive/companies/${domain}/${type}/${id}`, values);
  }

  /** A person merges another person into one in Pipedrive's own pages. */
  async mergePipedrivePersons(domain: string, id: string, otherId: string): Promise<void> {
    await this.call('POST', `/pipedrive/companies/${domain}/persons/${id}/merge`, { otherId: Number(otherId) });
  }

  async deletePipedriveRecord(domain: string, type: PipedriveType, id: string): Promise<void> {
    await this.call('DELETE', `/pipedrive/companies/${domain}/${type}/${id}`);
  }

  createZohoOrg(input: ZohoOrgInput = {}): Promise<ZohoOrgCreated> {
    return this.call('POST', '/zoho/orgs', input);
  }

  /** Another edition, or other rights of the organisation's user; what is left out stays. */
  async changeZohoOrg(orgId: string, abilities: ZohoAbilitiesInput): Promise<void> {
    await this.call('PATCH', `/zoho/orgs/${orgId}`, abilities);
  }

  async zohoRecords(orgId: string, module: ModuleName): Promise<ZohoRecordAnswer[]> {
    return (await this.call<{ results: ZohoRecordAnswer[] }>('GET', `/zoho/orgs/${orgId}/${module}`)).results;
  }

  /** A person adds a record in Zoho's own pages. */
  addZohoRecord(orgId: string, module: ModuleName, values: Record<string, unknown>): Promise<ZohoRecordAnswer> {
    return this.call('POST', `/zoho/orgs/${orgId}/${module}`, values);
  }

  editZohoRecord(orgId: string, module: ModuleName, id: string, values: Record<string, unknown>): Promise<ZohoRecordAnswer> {
    return this.call('PATCH', `/zoho/orgs/${orgId}/${module}/${id}`, values);
  }

  /** An administrator removes a field that the organisation had made. */
  async removeZohoField(orgId: string, module: ModuleName, name: string): Promise<void> {
    await this.call('DELETE', `/zoho/orgs/${orgId}/${module}/fields/${name}`);
  }

  /** A person merges two records in Zoho's own pages: the duplicate goes into the other. */
  async mergeZohoRecords(orgId: string, module: ModuleName, id: string, duplicateId: string): Promise<void> {
    await this.call('POST', `/zoho/orgs/${orgId}/${module}/${id}/merge`, { duplicateId });
  }

  /** A person locks a record, or unlocks it. */
  async lockZohoRecord(orgId: string, module: ModuleName, id: string, isLocked: boolean): Promise<void> {
    await this.call('PUT', `/zoho/orgs/${orgId}/${module}/${id}/lock`, { isLocked });
  }

  async deleteZohoRecord(orgId: string, module: ModuleName, id: string): Promise<void> {
    await this.call('DELETE', `/zoho/orgs/${orgId}/${module}/${id}`);
  }

  /** Channels of notifications, those that have run out too. */
  async zohoChannels(orgId: string): Promise<{ channelId: string; events: string[]; notifyUrl: string; token: string | null; expiresAt: string }[]> {
    return (await this.call<{ results: { channelId: string; events: string[]; notifyUrl: string; token: string | null; expiresAt: string }[] }>('GET', `/zoho/orgs/${orgId}/channels`)).results;
  }

  createDynamicsEnvironment(input: DynamicsEnvironmentInput = {}): Promise<DynamicsEnvironmentCreated> {
    return this.call('POST', '/dynamics/environments', input);
  }

  /** Whether apps may still be users of the environment; tokens that they have live on until they run out. */
  async changeDynamicsEnvironment(orgId: string, abilities: DynamicsAbilitiesInput): Promise<void> {
    await this.call('PATCH', `/dynamics/environments/${orgId}`, abilities);
  }

  /** A customiser deletes a column. */
  async removeDynamicsColumn(orgId: string, table: string, column: string): Promise<void> {
    await this.call('DELETE', `/dynamics/environments/${orgId}/columns/${table}/${column}`);
  }

  /** All rows of a table with all its columns. */
  async dynamicsRows(orgId: string, entitySet: string): Promise<Record<string, unknown>[]> {
    return (await this.call<{ results: Record<string, unknown>[] }>('GET', `/dynamics/environments/${orgId}/${entitySet}`)).results;
  }

  addDynamicsRow(orgId: string, entitySet: string, values: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.call('POST', `/dynamics/environments/${orgId}/${entitySet}`, values);
  }

  editDynamicsRow(orgId: string, entitySet: string, id: string, values: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.call('PATCH', `/dynamics/environments/${orgId}/${entitySet}/${id}`, values);
  }

  async deleteDynamicsRow(orgId: string, entitySet: string, id: string): Promise<void> {
    await this.call('DELETE', `/dynamics/environments/${orgId}/${entitySet}/${id}`);
  }

  /** A person merges two rows; the loser becomes inactive. */
  async mergeDynamicsRows(orgId: string, entitySet: string, winnerId: string, loserId: string): Promise<void> {
    await this.call('POST', `/dynamics/environments/${orgId}/${entitySet}/${winnerId}/merge/${loserId}`);
  }

  /** The days pass for which the environment knows what has changed. */
  async forgetDynamicsChanges(orgId: string): Promise<void> {
    await this.call('POST', `/dynamics/environments/${orgId}/forget-changes`);
  }

  /** Every webhook attempt, oldest first, and how many messages are not settled yet. */
  deliveries(filter: { vendor?: Vendor; account?: string } = {}): Promise<{ pending: number; deliveries: Delivery[] }> {
    return this.call('GET', `/deliveries?${new URLSearchParams({ ...filter }).toString()}`);
  }

  /** Sends the same content again and waits for the answer; HubSpot signs anew, the others send the very same bytes. */
  redeliver(deliveryId: string): Promise<Delivery> {
    return this.call('POST', `/deliveries/${deliveryId}/redeliver`);
  }

  /** Waits until some delivery fits; rejects when the deadline passes first. */
  async waitForDelivery(fits: (delivery: Delivery) => boolean, timeoutMs = 10_000): Promise<Delivery> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = (await this.deliveries()).deliveries.find(fits);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`No such webhook delivery within ${String(timeoutMs)} ms.`);
      await wait(20);
    }
  }

  /** Waits until no webhook is under way or waiting for another attempt. */
  async waitUntilSettled(timeoutMs = 10_000): Promise<Delivery[]> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const { pending, deliveries } = await this.deliveries();
      if (pending === 0) return deliveries;
      if (Date.now() > deadline) throw new Error(`${String(pending)} webhooks were not settled within ${String(timeoutMs)} ms.`);
      await wait(20);
    }
  }

  /** How often each record was written through the vendor's API. */
  writes(vendor: Vendor): Promise<{ byType: Record<string, WriteCounts>; records: RecordWrites[] }> {
    return this.call('GET', `/${vendor}/writes`);
  }

  async addFault(vendor: Vendor, fault: FaultInput): Promise<void> {
    await this.call('POST', `/${vendor}/faults`, fault);
  }

  /** How people answer on the vendor's authorization pages from now on; `{}` is approval of everything. */
  async setConsent(vendor: Vendor, consent: ConsentInput): Promise<void> {
    await this.call('PUT', `/${vendor}/consent`, consent);
  }

  /** A person opens an authorization page and answers it: the address that the browser is sent back to. Rejects when a page says no. */
  async openAuthorizationPage(url: string | URL): Promise<URL> {
    const answer = await fetch(url, { redirect: 'manual' });
    const back = answer.headers.get('location');
    if (back === null) throw new Error(`The page answered ${String(answer.status)}: ${await answer.text()}`);
    return new URL(back);
  }

  /** Registers an application at the identity provider. */
  registerOpenIdApplication(redirectUris: readonly string[] = []): Promise<OpenIdApplicationCreated> {
    return this.call('POST', '/openid/applications', { redirectUris });
  }

  /** Where the identity provider may send the people of an application back to, in place of what was so before. */
  async setOpenIdRedirects(clientId: string, redirectUris: readonly string[]): Promise<void> {
    await this.call('PUT', `/openid/applications/${clientId}/redirect-uris`, { redirectUris });
  }

  /** Adds a person at the identity provider, or changes them. */
  async putOpenIdPerson(login: string, person: OpenIdPersonInput): Promise<void> {
    await this.call('PUT', `/openid/people/${login}`, person);
  }

  async clearFaults(vendor: Vendor): Promise<void> {
    await this.call('DELETE', `/${vendor}/faults`);
  }

  /** Forgets all accounts, records, deliveries and faults. */
  async reset(): Promise<void> {
    await this.call('POST', '/reset');
  }

  private async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.url}/control${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /control${path} was refused with ${String(answer.status)}: ${text}`);
    // Both ends are in this package and are type-checked against the same declarations.
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
}

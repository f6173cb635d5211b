import { randomUUID } from 'node:crypto';
import { derivedFields, type RecordRef } from '@crossdock/crm-connector';
import { describeCrmConnector, describeDealLines, type LinesWorld, type PersonAtCrm } from '@crossdock/crm-connector/conformance';
import type { CrmObject, FieldValue } from '@crossdock/contracts';
import { hubSpotBench } from './records/hubspot.records.fixture.ts';
import { objectTypes } from './records/object-types.ts';

const faults = { down: { kind: 'status', status: 503 }, slow: { kind: 'latency', latencyMs: 5_000 }, rate_limit: { kind: 'rate-limit' } } as const;

const stages: Readonly<Record<string, string>> = { open: 'appointmentscheduled', won: 'closedwon', lost: 'closedlost' };

/** What a person types into HubSpot's pages to have these fields. */
function typed(fields: Readonly<Record<string, FieldValue>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => {
    if (value !== null && typeof value === 'object') {
      return 'currency' in value ? [[name, String(value.amountMinor / 100)], ['deal_currency_code', value.currency]] : [[name, value.join(';')]];
    }
    const text = String(value ?? '');
    if (name === derivedFields.dealStatus) return [['dealstage', stages[text] ?? text]];
    return [[name === derivedFields.dealClosedAt ? 'closedate' : name, text]];
  }));
}

async function hubSpotWorld(): Promise<LinesWorld> {
  const { control, connection, connector, portalId, at, stop } = await hubSpotBench();
  const signal = AbortSignal.timeout(300_000);
  const place = ({ object, id }: RecordRef) => ({ type: objectTypes[object].type, id });
  const person: PersonAtCrm = {
    create: async (object, fields) => (await control.addHubSpotRecord(portalId, objectTypes[object].type, { properties: typed(fields) })).id,
    edit: async ({ object, id }, fields) => { await control.editHubSpotRecord(portalId, objectTypes[object].type, id, { properties: typed(fields) }); },
    delete: ({ object, id }) => control.deleteHubSpotRecord(portalId, objectTypes[object].type, id),
    associate: (record, to) => control.associateHubSpotRecords(portalId, place(record), place(to)),
    mergeContacts: async (winnerId, loserId) => (await control.mergeHubSpotRecords(portalId, 'contacts', winnerId, loserId)).id,
    advance: (id) => person.edit({ object: 'deal', id }, { dealstage: 'contractsent' }),
    closeAsWon: (id) => person.edit({ object: 'deal', id }, { dealstage: 'closedwon' }),
  };
  return {
    connector, connection, person, stop,
    count: async (object: CrmObject) => (await control.hubSpotRecords(portalId, objectTypes[object].type)).length,
    importContacts: () => control.importHubSpotRecords(portalId, 'contacts', Array.from({ length: 450 }, () => ({ properties: { email: `${randomUUID()}@example.com` } }))),
    refused: [
      { because: 'it is no address', object: 'contact', fields: { email: 'no address' }, field: 'email' },
      { because: 'the list has no such word', object: 'contact', fields: { lifecyclestage: 'evangelist-of-none' }, field: 'lifecyclestage' },
      { because: 'the owner has left', object: 'deal', fields: { hubspot_owner_id: '70005' }, field: 'hubspot_owner_id' },
      { because: 'the account has no such currency', object: 'deal', fields: { amount: { amountMinor: 100, currency: 'BRL' } }, field: 'deal_currency_code' },
      { because: 'it is too long', object: 'company', fields: { name: 'x'.repeat(65_537) }, field: 'name' },
      { because: 'the account lacks the property', object: 'company', fields: { colour_of_door: 'indigo' }, field: 'colour_of_door' },
    ],
    unknownContactId: '999999999',
    rateLimitKind: 'rate_limited',
    forgottenCursor: async () => {
      const description = await connector.describe(connection, 'contact', signal);
      const longAgo = at(() => Date.now() - 91 * 86_400_000);
      return (await longAgo.listChanges(connection, { description, fieldNames: [] }, undefined, signal)).cursor;
    },
    expireToken: () => control.addFault('hubspot', { kind: 'expire-token', account: String(portalId) }),
    revoke: async () => {
      for (const kind of ['revoke-token', 'expire-token'] as const) await control.addFault('hubspot', { kind, account: String(portalId) });
    },
    fail: (fault, times) => control.addFault('hubspot', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('hubspot'),
    linesOf: async (dealId) => {
      const ids = new Set(await control.hubSpotAssociations(portalId, { type: 'deals', id: dealId }, 'line_items'));
      return (await control.hubSpotRecords(portalId, 'line_items')).filter(({ id }) => ids.has(id)).map(({ id, properties }) => ({
        id, name: properties['name'] ?? '', quantity: Number(properties['quantity']), totalMinor: Math.round(Number(properties['amount']) * 100),
      }));
    },
    addLine: async (dealId, name) => {
      const { id } = await control.addHubSpotRecord(portalId, 'line_items', { properties: { name, quantity: 1, price: 10 } });
      await control.associateHubSpotRecords(portalId, { type: 'line_items', id }, { type: 'deals', id: dealId });
    },
  };
}

describeCrmConnector('HubSpot', hubSpotWorld);
describeDealLines('HubSpot', hubSpotWorld);

/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the client's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hubSpotBench, type HubSpotBench } from './hubspot.fixture.ts';

let bench: HubSpotBench;

beforeAll(async () => {
  bench = await hubSpotBench();
});
afterAll(async () => {
  await bench.stop();
});
beforeEach(async () => {
  await bench.clean();
});

const eventsOf = (body: Buffer): Record<string, unknown>[] => JSON.parse(body.toString()) as Record<string, unknown>[];

describe('HubSpot webhooks', () => {
  it('tells the app of changes by a person and by the app itself, each named, signed v1 and v3', async () => {
    const target = `${bench.receiver.url}/hooks?x=%3Ay%20z`;
    const { portal, hubspot } = await bench.portalWithClient({ webhookTargetUrl: target });
    const deal = await hubspot.crm.deals.basicApi.create({ properties: { dealname: 'D', dealstage: 'contractsent' }, associations: [] });
    await bench.control.waitUntilSettled();
    await bench.control.editHubSpotRecord(portal.portalId, 'deals', deal.id, { properties: { dealstage: 'closedwon' } });
    await bench.control.waitUntilSettled();
    const events = bench.receiver.received.flatMap(({ body }) => eventsOf(body));
    expect(events).toContainEqual(
      expect.objectContaining({ subscriptionType: 'deal.creation', changeSource: 'INTEGRATION', sourceId: String(portal.appId), changeFlag: 'CREATED' }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        subscriptionType: 'deal.propertyChange',
        propertyName: 'dealstage',
        propertyValue: 'closedwon',
        changeSource: 'CRM_UI',
        objectId: Number(deal.id),
        portalId: portal.portalId,
        attemptNumber: 0,
      }),
    );
    for (const { headers, body } of bench.receiver.received) {
      const address = `${bench.receiver.url}/hooks?x=:y%20z`;
      const signed = `POST${address}${body.toString()}${headers['x-hubspot-request-timestamp'] ?? ''}`;
      expect(headers['x-hubspot-signature-v3']).toBe(createHmac('sha256', portal.clientSecret).update(signed).digest('base64'));
      expect(headers['x-hubspot-signature']).toBe(createHash('sha256').update(portal.clientSecret + body.toString()).digest('hex'));
    }
  });

  it('tries again up to ten times with the attempt in the body, and stops when it is taken', async () => {
    bench.receiver.answerWith((request) => (request < 3 ? 503 : 200));
    const { portal } = await bench.portalWithClient({ webhookTargetUrl: bench.receiver.url });
    await bench.control.addHubSpotRecord(portal.portalId, 'contacts', { properties: { website: 'x.example' } });
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received.map(({ body }) => eventsOf(body)[0]?.['attemptNumber'])).toEqual([0, 1, 2, 3]);
    expect(new Set(bench.receiver.received.map(({ body }) => eventsOf(body)[0]?.['eventId'])).size).toBe(1);
    bench.receiver.answerWith(404);
    bench.receiver.received.length = 0;
    await bench.control.addHubSpotRecord(portal.portalId, 'contacts', { properties: { website: 'y.example' } });
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received).toHaveLength(11);
  });

  it('sends one address the events of all the portals of an app', async () => {
    const { portal } = await bench.portalWithClient({ webhookTargetUrl: bench.receiver.url });
    const other = await bench.control.createHubSpotPortal({ clientId: portal.clientId });
    for (const { portalId } of [portal, other]) await bench.control.addHubSpotRecord(portalId, 'deals', { properties: { dealname: 'D' } });
    await bench.control.waitUntilSettled();
    const portals = bench.receiver.received.flatMap(({ body }) => eventsOf(body).map((event) => event['portalId']));
    expect(new Set(portals)).toEqual(new Set([portal.portalId, other.portalId]));
    expect(other.appId).toBe(portal.appId);
  });

  it('sends the same bytes again on demand with a signature of now', async () => {
    const { portal } = await bench.portalWithClient({ webhookTargetUrl: bench.receiver.url });
    await bench.control.addHubSpotRecord(portal.portalId, 'companies', { properties: { name: 'Acme' } });
    const [delivery] = await bench.control.waitUntilSettled();
    const again = await bench.control.redeliver(delivery?.id ?? '');
    expect(again).toMatchObject({ status: 204, redeliveryOf: delivery?.id, bodyBase64: delivery?.bodyBase64 });
    const [first, second] = bench.receiver.received;
    expect(second?.body.equals(first?.body ?? Buffer.of())).toBe(true);
    expect(second?.headers['x-hubspot-request-timestamp']).not.toBe(first?.headers['x-hubspot-request-timestamp']);
  });
});

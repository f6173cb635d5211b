import { SandboxControl, startSandbox, type Delivery, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyHubSpotWebhook } from './hubspot.webhook-signature.ts';
import { parseHubSpotWebhook } from './hubspot.webhooks.ts';

let sandbox: Sandbox;
let control: SandboxControl;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, clockFactor: 100_000 });
  control = new SandboxControl(sandbox.url);
});
afterAll(() => sandbox.stop());

describe('a webhook as HubSpot delivers it', () => {
  it('verifies with the app\'s secret for the address it was sent to, and tells of the deal, at every attempt the same', async () => {
    // Nobody answers there, so that it is tried again.
    const webhookTargetUrl = `${sandbox.url}/nobody?from=hubspot%20app`;
    const { portalId, clientSecret } = await control.createHubSpotPortal({ webhookTargetUrl });
    const deal = await control.addHubSpotRecord(portalId, 'deals', { properties: { dealname: 'Größe', dealstage: 'contractsent' } });
    await control.editHubSpotRecord(portalId, 'deals', deal.id, { properties: { dealstage: 'closedwon' } });
    const deliveries = (await control.waitUntilSettled()).filter(({ vendor }) => vendor === 'hubspot');

    for (const delivery of deliveries) {
      expect(verify(delivery, clientSecret)).toEqual({ valid: true });
      expect(verify(delivery, 'another secret')).toEqual({ valid: false, reason: 'signature_mismatch' });
    }
    const touches = deliveries.flatMap(({ bodyBase64 }) => parseHubSpotWebhook(Buffer.from(bodyBase64, 'base64')));
    expect(new Set(touches.map(({ portalId: portal, object, externalId }) => `${portal} ${object} ${externalId}`)))
      .toEqual(new Set([`${String(portalId)} deal ${deal.id}`]));
    const attempts = Map.groupBy(touches, ({ dedupeId }) => dedupeId);
    expect(attempts.size).toBeGreaterThan(1);
    for (const repeated of attempts.values()) expect(repeated.length).toBeGreaterThan(1);
  });
});

function verify({ url, headers, bodyBase64, sentAt }: Delivery, secret: string) {
  return verifyHubSpotWebhook({
    method: 'POST', uri: url, rawBody: Buffer.from(bodyBase64, 'base64'), nowMs: Date.parse(sentAt), secrets: [secret],
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  });
}

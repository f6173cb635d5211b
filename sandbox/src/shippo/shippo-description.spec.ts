import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiDescription, hasDescription } from '../api-description.fixture.ts';
import { recordOf, startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

const file = 'shippo/shippo-public-api-2018-02-08.yaml';
// Shippo's description is not part of this repository; where it is not at hand there is nothing to compare with.
const described = hasDescription(file) ? describe : describe.skip;

/** What real answers hold although the description has forgotten it. */
const forgotten = ['post /transactions .parcel', 'get /transactions/{TransactionId} .parcel', 'get /transactions .results[0].parcel'].map((place) => `${place} is not described`);

described('the Shippo stand-in beside Shippo’s own description', () => {
  let bench: SandboxBench;
  beforeAll(async () => {
    bench = await startSandboxBench();
  });
  afterAll(() => bench.stop());

  it('answers nothing that is not described, in the described types', async () => {
    const description = new ApiDescription(file);
    const { token } = await bench.control.createShippoAccount();
    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${bench.sandboxUrl}/shippo${path}`, {
        method, headers: { authorization: `ShippoToken ${token}`, 'shippo-api-version': '2018-02-08', ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : recordOf(JSON.parse(text)) };
    };
    const compare = async (method: 'get' | 'post' | 'put', path: string, address: string, body?: unknown) => {
      const answer = await call(method.toUpperCase(), address, body);
      const faults = [...description.faultsOfAnswer(method, path, answer.status, answer.body), ...(body === undefined ? [] : description.faultsOfBody(method, path, body))];
      expect(faults.map((fault) => `${method} ${path} ${fault}`).filter((fault) => !forgotten.includes(fault))).toEqual([]);
      return answer.body;
    };

    const address = { name: 'Ada', street1: '1 Main St', city: 'Springfield', state: 'IL', zip: '62701', country: 'US', email: 'ada@example.com' };
    const { object_id: addressId } = await compare('post', '/addresses', '/addresses', { ...address, validate: true });
    await compare('get', '/addresses/{AddressId}', `/addresses/${String(addressId)}`);
    await compare('get', '/addresses/{AddressId}/validate', `/addresses/${String(addressId)}/validate`);
    const parcel = { length: '5', width: '5', height: '5', distance_unit: 'in', weight: '2', mass_unit: 'lb' };
    const shipment = await compare('post', '/shipments', '/shipments', { address_from: address, address_to: address, parcels: [parcel], async: false, metadata: 'order 1' });
    await compare('get', '/shipments/{ShipmentId}', `/shipments/${String(shipment['object_id'])}`);
    const rates = await compare('get', '/shipments/{ShipmentId}/rates', `/shipments/${String(shipment['object_id'])}/rates`);
    const [rate] = Array.isArray(rates['results']) ? rates['results'].map((each) => recordOf(each)['object_id']) : [];
    await compare('get', '/rates/{RateId}', `/rates/${String(rate)}`);
    const label = await compare('post', '/transactions', '/transactions', { rate, async: false, label_file_type: 'PDF', metadata: 'order 1' });
    await compare('get', '/transactions/{TransactionId}', `/transactions/${String(label['object_id'])}`);
    await compare('get', '/transactions', `/transactions?rate=${String(rate)}`);
    await compare('post', '/tracks', '/tracks', { carrier: 'shippo', tracking_number: 'SHIPPO_TRANSIT', metadata: 'order 1' });
    await compare('get', '/tracks/{Carrier}/{TrackingNumber}', '/tracks/shippo/SHIPPO_TRANSIT');
    const carriers = await compare('get', '/carrier_accounts', '/carrier_accounts');
    const [carrierAccount] = Array.isArray(carriers['results']) ? carriers['results'].map((each) => recordOf(each)['object_id']) : [];
    const manifest = await compare('post', '/manifests', '/manifests', {
      carrier_account: carrierAccount, shipment_date: '2026-03-01T00:00:00.000Z', transactions: [label['object_id']], address_from: addressId,
    });
    await compare('get', '/manifests/{ManifestId}', `/manifests/${String(manifest['object_id'])}`);
    await compare('get', '/manifests', '/manifests');
    const refund = await compare('post', '/refunds', '/refunds', { transaction: label['object_id'], async: false });
    await compare('get', '/refunds/{RefundId}', `/refunds/${String(refund['object_id'])}`);
    const hook = { url: 'https://hub.example/webhooks/shippo', event: 'track_updated', is_test: true };
    const { object_id: hookId } = await compare('post', '/webhooks', '/webhooks', hook);
    await compare('get', '/webhooks', '/webhooks');
    await compare('get', '/webhooks/{webhookId}', `/webhooks/${String(hookId)}`);
    await compare('put', '/webhooks/{webhookId}', `/webhooks/${String(hookId)}`, { ...hook, event: 'transaction_updated' });
  });
});

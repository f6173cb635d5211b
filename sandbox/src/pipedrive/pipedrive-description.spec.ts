import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiDescription, hasDescription } from '../api-description.fixture.ts';
import { pipedriveBench, type PipedriveBench } from './pipedrive.fixture.ts';

const [v1File, v2File] = ['pipedrive/pipedrive-openapi-v1.json', 'pipedrive/pipedrive-openapi-v2.json'];
// Pipedrive's descriptions are not part of this repository; where they are not at hand there is nothing to compare with.
const described = hasDescription(v1File) && hasDescription(v2File) ? describe : describe.skip;

described('the Pipedrive stand-in beside Pipedrive’s own description', () => {
  let bench: PipedriveBench;
  beforeAll(async () => {
    bench = await pipedriveBench();
  });
  afterAll(() => bench.stop());

  it('answers nothing that is not described, in the described types', async () => {
    const [v1, v2] = [new ApiDescription(v1File), new ApiDescription(v2File)];
    const { call } = await bench.companyWithCaller();
    const person = { name: 'Anna Muster', emails: [{ value: 'anna@example.com' }], phones: [{ value: '+49151' }] };
    const calls = [
      [v2, 'post', '/persons', '/persons', person], [v2, 'get', '/persons/{id}', '/persons/1'], [v2, 'patch', '/persons/{id}', '/persons/1', { name: 'Anna' }],
      [v2, 'get', '/persons', '/persons'], [v2, 'get', '/persons/search', '/persons/search?term=anna'],
      [v2, 'post', '/dealFields', '/dealFields', { field_name: 'Key', field_type: 'varchar' }], [v2, 'get', '/dealFields', '/dealFields'],
      [v2, 'post', '/deals', '/deals', { title: 'D', value: 29.35, currency: 'EUR', person_id: 1 }],
      [v2, 'patch', '/deals/{id}', '/deals/1', { status: 'won', won_time: '2026-11-20T00:00:00Z' }],
      [v2, 'get', '/deals', '/deals'], [v2, 'get', '/deals/search', '/deals/search?term=D1&exact_match=true'], [v2, 'get', '/deals/archived', '/deals/archived'],
      [v2, 'post', '/personFields', '/personFields', { field_name: 'Key', field_type: 'varchar' }], [v2, 'get', '/personFields', '/personFields'],
      [v2, 'post', '/organizationFields', '/organizationFields', { field_name: 'Key', field_type: 'varchar' }],
      [v2, 'get', '/organizationFields', '/organizationFields'],
      [v2, 'post', '/organizations', '/organizations', { name: 'Muster Ltd', website: 'https://muster.example', address: { value: '1 High Street', country: 'GB' } }],
      [v2, 'get', '/organizations/{id}', '/organizations/1'], [v2, 'patch', '/organizations/{id}', '/organizations/1', { name: 'Muster' }],
      [v2, 'get', '/organizations', '/organizations'], [v2, 'get', '/organizations/search', '/organizations/search?term=muster'],
      [v2, 'patch', '/persons/{id}', '/persons/1', { org_id: 1 }], [v2, 'delete', '/organizations/{id}', '/organizations/1'],
      [v1, 'get', '/users', '/users'], [v1, 'get', '/recents', '/recents?since_timestamp=2026-01-01%2000:00:00&items=person'],
      [v1, 'get', '/users/me', '/users/me'], [v1, 'get', '/currencies', '/currencies'], [v1, 'get', '/deals/{id}/participants', '/deals/1/participants'],
      [v1, 'post', '/webhooks', '/webhooks', { subscription_url: 'https://hub.example/', event_action: '*', event_object: 'deal', name: 'Hub' }],
      [v1, 'get', '/webhooks', '/webhooks'], [v2, 'delete', '/deals/{id}', '/deals/1'],
    ] as const;
    for (const [description, method, path, address, body] of calls) {
      const answer = await call(method.toUpperCase(), `/api/${description === v1 ? 'v1' : 'v2'}${address}`, body);
      expect([`${method} ${path}`, description.faultsOfAnswer(method, path, answer.status, answer.body)]).toEqual([`${method} ${path}`, []]);
      if (body !== undefined) expect(description.faultsOfBody(method, path, body)).toEqual([]);
    }
  });
});

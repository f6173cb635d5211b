import { eventCatalogue, orderReceived } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { renderCatalogue } from './catalogue-page.ts';
import { cataloguedEndpoints, cataloguedEvents } from './interface-catalogue.ts';
import { openApiDocument } from './openapi.document.ts';

describe('the catalogue of interfaces', () => {
  it('lists every event of the contracts with who says and hears it, its version and its schema', () => {
    const events = cataloguedEvents();
    expect(events.map(({ type }) => type)).toEqual(eventCatalogue.map(({ type }) => type));
    expect(events.find(({ type }) => type === orderReceived.type)).toMatchObject({
      version: 'v1', owners: ['gateway', 'orders'], consumers: ['orders', 'journal'], schema: { type: 'object' }, deprecation: { state: 'current' },
    });
  });

  it('calls an event deprecated that has a newer major version, and names that', () => {
    const newer = { ...orderReceived, type: 'commerce.order.received.v2', predecessor: { definition: orderReceived, upgrade: (data: unknown) => data } };
    expect(cataloguedEvents([orderReceived, newer]).map(({ version, deprecation }) => ({ version, deprecation }))).toEqual([
      { version: 'v1', deprecation: { state: 'deprecated', successor: newer.type } }, { version: 'v2', deprecation: { state: 'current' } },
    ]);
  });

  it('lists every endpoint with the service that owns it, who may call, and the schema of its body', () => {
    const endpoints = cataloguedEndpoints(openApiDocument);
    const find = (method: string, path: string) => endpoints.find((endpoint) => endpoint.method === method && endpoint.path === path);
    expect(find('POST', '/v1/shipments')).toMatchObject({ owner: 'shipping', consumers: 'tenants', version: 'v1', schema: { type: 'object' }, deprecation: { state: 'current' } });
    expect(find('POST', '/v1/tenants')).toMatchObject({ owner: 'gateway', consumers: 'operators', scopes: ['tenants:manage'] });
    expect(find('GET', '/v1/catalogue')).toMatchObject({ owner: 'gateway', consumers: 'everybody', scopes: [] });
  });

  it('is a page that names them all and runs and loads nothing', () => {
    const [events, endpoints] = [cataloguedEvents(), cataloguedEndpoints(openApiDocument)];
    const page = renderCatalogue({ events, endpoints });
    for (const { type } of events) expect(page).toContain(`<code>${type}</code>`);
    for (const { path } of endpoints) expect(page).toContain(path);
    expect(page).not.toMatch(/<script|src=/);
  });
});

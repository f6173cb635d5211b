import Fastify from 'fastify';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { descriptionsIn, hasDescription } from '../api-description.fixture.ts';
import { SalesforceSandbox } from './salesforce.sandbox.ts';

const folder = 'salesforce/postman';
// Salesforce's collection of requests is not part of this repository; where it is not at hand there is nothing to compare with.
const described = hasDescription(folder) ? describe : describe.skip;

/** Addresses that the collection leaves out: they are in Salesforce's pages on REST, and (`userinfo`) in OpenID Connect. */
const leftOut = [
  'PATCH /services/data/:version/sobjects/:type/:field/:value', 'PATCH /services/data/:version/composite/sobjects',
  'PATCH /services/data/:version/composite/sobjects/:type/:field', 'DELETE /services/data/:version/composite/sobjects',
  'POST /services/data/:version/composite/sobjects/:type', 'GET /services/data/:version/query/:locator', 'POST /services/oauth2/userinfo',
];

const requestSchema = z.object({ method: z.string(), url: z.string() });
const segmentsOf = (path: string): string[] => path.replace(/\?.*$/, '').split('/').filter((segment) => segment !== '');
const isVariable = (segment: string): boolean => /[{<:]/.test(segment);

/** Whether a documented address and one of the stand-in's are the same but for what varies in both. */
function isSame(documented: readonly string[], own: readonly string[]): boolean {
  return documented.length === own.length && documented.every((segment, index) => isVariable(segment) || isVariable(own[index] ?? '') || segment.toLowerCase() === own[index]?.toLowerCase());
}

described('the Salesforce stand-in beside Salesforce’s own collection of requests', () => {
  it('has no address that is not in it', async () => {
    const requests = descriptionsIn(folder).flatMap((request) => requestSchema.safeParse(request).data ?? [])
      .map(({ method, url }) => ({ method, path: segmentsOf(url.replace(/^(?:\{\{\w+\}\})+/, '')) }));
    expect(requests.length).toBeGreaterThan(100);
    const app = Fastify();
    const addresses = new Set<string>();
    app.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat().filter((verb) => verb !== 'HEAD')) if (/^\/(?:services|id)\//.test(url)) addresses.add(`${each} ${url}`);
    });
    await app.register(async (scope) => {
      new SalesforceSandbox().registerApi(scope);
    });
    await app.ready();
    await app.close();
    const unknown = [...addresses].filter((address) => {
      const [method = '', url = ''] = address.split(' ');
      return !requests.some((request) => request.method === method && isSame(request.path, segmentsOf(url)));
    });
    expect(leftOut).toEqual(expect.arrayContaining(unknown));
  });
});

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../request-bodies.ts';
import { callOptionsHeader, innerRequest, type VersionPath } from './org-session.ts';
import { invalidInput, SalesforceRefusal } from './salesforce-refusals.ts';

const maxQueriesAndCollections = 5;
const compositeSchema = z.object({
  /** Only independent requests are known here. */
  allOrNone: z.literal(false).default(false),
  compositeRequest: z.array(z.object({
    method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
    url: z.string().regex(/^\/services\/data\/v\d+\.0\//),
    referenceId: z.string().regex(/^[A-Za-z]\w*$/),
    body: z.unknown().optional(),
  })).min(1).max(25),
});

/** Several requests in one call, which counts as one; each is answered for itself, in order. */
export function registerCompositeRoute(app: FastifyInstance): void {
  app.post<VersionPath>('/services/data/:version/composite', async (request) => {
    const { compositeRequest } = read(compositeSchema, request.body, invalidInput);
    if (compositeRequest.filter(({ url }) => /\/(query|queryAll|composite\/sobjects)\b/.test(url)).length > maxQueriesAndCollections) {
      throw new SalesforceRefusal(400, 'INVALID_INPUT', `A composite request takes at most ${String(maxQueriesAndCollections)} queries and collections.`);
    }
    const [prefix = ''] = request.url.split('/services/');
    const compositeResponse = [];
    for (const { method, url, referenceId, body } of compositeRequest) {
      const answer = await app.inject({
        method, url: `${prefix}${url}`,
        headers: { authorization: request.headers.authorization ?? '', [innerRequest.name]: innerRequest.value, [callOptionsHeader]: request.headers[callOptionsHeader] ?? '', ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      });
      compositeResponse.push({ body: answer.body === '' ? null : answer.json<unknown>(), httpHeaders: {}, httpStatusCode: answer.statusCode, referenceId });
    }
    return { compositeResponse };
  });
}

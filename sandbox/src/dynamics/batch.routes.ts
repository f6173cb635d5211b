import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badRequest, dataverseRefusal } from './dynamics-refusals.ts';
import { innerRequest, type EnvironmentOf } from './environment-session.ts';
import { apiPath } from './rows/row-answer.ts';

interface Part {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body: string;
}

const maxParts = 1_000;
const methods = ['GET', 'POST', 'PATCH', 'DELETE'] as const;

/**
 * Several requests in one, done one after the other in their order. The first that fails ends the batch unless the caller
 * prefers to go on; the answer then has a part a request. Change sets are not known here.
 */
export function registerBatchRoute(app: FastifyInstance, environmentOf: EnvironmentOf): void {
  app.addContentTypeParser(/^multipart\/mixed/, { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });

  app.post(`${apiPath}/$batch`, async (request, reply) => {
    const environment = environmentOf(request);
    const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1];
    if (boundary === undefined || typeof request.body !== 'string') throw badRequest('The batch has no boundary.');
    const parts = partsOf(request.body, boundary, environment.url);
    if (parts.length > maxParts) throw dataverseRefusal(400, '0x80044207', `The number of requests exceeds the batch limit of ${String(maxParts)}.`);
    const goesOn = /odata\.continue-on-error/.test(String(request.headers.prefer ?? ''));
    const answerBoundary = `batchresponse_${randomUUID()}`;
    const answers: string[] = [];
    for (const part of parts) {
      const answer = await runPart(app, request, part);
      answers.push(`--${answerBoundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${answer.text}\r\n`);
      if (answer.status >= 400 && !goesOn) break;
    }
    return await reply.code(200).header('odata-version', '4.0').type(`multipart/mixed; boundary=${answerBoundary}`)
      .send(`${answers.join('')}--${answerBoundary}--\r\n`);
  });
}

async function runPart(app: FastifyInstance, outer: FastifyRequest, part: Part): Promise<{ status: number; text: string }> {
  const answer = await app.inject({
    method: part.method,
    url: `/dynamics${part.path}`,
    headers: { ...part.headers, authorization: outer.headers.authorization ?? '', [innerRequest.name]: innerRequest.value },
    ...(part.body !== '' && { payload: part.body }),
  });
  const kept = ['content-type', 'odata-version', 'odata-entityid', 'preference-applied', 'retry-after'];
  const headers = kept.flatMap((name) => (answer.headers[name] === undefined ? [] : [`${name}: ${String(answer.headers[name])}`]));
  return { status: answer.statusCode, text: [`HTTP/1.1 ${String(answer.statusCode)} ${answer.statusMessage}`, ...headers, '', answer.body].join('\r\n') };
}

function partsOf(body: string, boundary: string, url: string): Part[] {
  const pieces = body.split(`--${boundary}`).slice(1, -1);
  if (!body.trimEnd().endsWith(`--${boundary}--`)) throw badRequest('The batch does not end with its boundary.');
  return pieces.map((piece) => {
    const [head = '', request = '', ...content] = piece.replace(/^\r?\n/, '').split(/\r?\n\r?\n/);
    if (!/^content-type: application\/http$/im.test(head)) throw badRequest('A part of the batch is no application/http.');
    const [line = '', ...headerLines] = request.split(/\r?\n/);
    const [, name = '', address = ''] = /^(\w+) (\S+) HTTP\/1\.1$/.exec(line) ?? [];
    const method = methods.find((candidate) => candidate === name);
    if (method === undefined) throw badRequest(`A part of the batch has no request line: ${line}`);
    const absolute = new URL(address, url);
    const path = absolute.pathname.slice(Math.max(0, absolute.pathname.indexOf(apiPath)));
    return {
      method,
      path: `${path}${absolute.search}`,
      headers: Object.fromEntries(headerLines.map((header) => [header.slice(0, header.indexOf(':')).toLowerCase(), header.slice(header.indexOf(':') + 1).trim()])),
      body: content.join('\n\n').trim(),
    };
  });
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BadRequestException } from '@nestjs/common';
import { z } from 'zod';
import type { GraphqlRequest } from './graphql-request.ts';

const fileSchema = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1));

/** Documents by the SHA-256 of their text. */
export type KeptQueries = ReadonlyMap<string, string>;

/**
 * A setting that names a file of documents, which is read when the configuration is: JSON, the SHA-256 in hexadecimal → the document.
 * Where there is one, nothing else is served.
 */
export const keptQueriesSetting = z.string().min(1).transform((path, context): KeptQueries => {
  try {
    const queries = new Map(Object.entries(fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))));
    const wrong = [...queries].filter(([hash, query]) => hashOf(query) !== hash).map(([hash]) => hash);
    if (wrong.length === 0) return queries;
    context.addIssue({ code: 'custom', message: `holds documents whose SHA-256 is another: ${wrong.join(', ')}` });
  } catch {
    context.addIssue({ code: 'custom', message: 'must name a readable file of JSON: the SHA-256 of each document, and its text' });
  }
  return z.NEVER;
});

/**
 * The document that a request means.
 * @throws BadRequestException `query_not_kept` where only kept ones are served and this is none, or where a hash names none.
 */
export function queryOf({ query, extensions }: GraphqlRequest, kept: KeptQueries | undefined): string {
  const hash = extensions?.persistedQuery?.sha256Hash;
  if (query !== undefined && hash !== undefined && hashOf(query) !== hash) throw new BadRequestException('extensions.persistedQuery.sha256Hash is not that of the query.');
  if (query !== undefined && (!kept || kept.has(hashOf(query)))) return query;
  const found = hash === undefined ? undefined : kept?.get(hash);
  if (found !== undefined) return found;
  if (query === undefined && hash === undefined) throw new BadRequestException('Send a query.');
  throw new BadRequestException({ code: 'query_not_kept', message: kept ? 'Only documents that are kept here are served, and this is none of them.' : 'No documents are kept here; send the query itself.' });
}

function hashOf(query: string): string {
  return createHash('sha256').update(query).digest('hex');
}

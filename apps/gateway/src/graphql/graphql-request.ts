import { z } from 'zod';

/** More than any page or program of ours asks with. */
const maxQueryCharacters = 16_384;

/** An operation as "GraphQL over HTTP" has it sent. */
export const graphqlRequestSchema = z.strictObject({
  query: z.string().max(maxQueryCharacters).optional().describe('The document; may be left out where `extensions.persistedQuery` names one that is kept.'),
  operationName: z.string().max(255).nullish().describe('Which operation of the document, where it has several.'),
  variables: z.record(z.string().max(255), z.unknown()).nullish(),
  extensions: z.looseObject({
    persistedQuery: z.looseObject({ sha256Hash: z.string().regex(/^[0-9a-f]{64}$/).describe('SHA-256 of a document that is kept, in hexadecimal.') }).optional(),
  }).nullish(),
}, { error: ({ code }) => (code === 'invalid_type' ? 'send one operation a request, as an object' : undefined) });
export type GraphqlRequest = z.infer<typeof graphqlRequestSchema>;

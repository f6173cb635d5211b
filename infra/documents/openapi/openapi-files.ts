import { endpointsPage } from '../endpoints-page.ts';
import { consoleTypes } from './console-types.ts';
import { openApiDocument } from './openapi-document.ts';
import type { SourceLoader } from './request-schemas.ts';

/** Where the document stands for readers and other programs, and where the gateway has it from. */
export const OPENAPI_FILE = 'docs/openapi.json';
const GATEWAY_FILE = 'apps/gateway/src/interface/openapi.document.ts';

/** The gateway's OpenAPI document, the list of its endpoints and the console's types of them, by the paths of the files that hold them. */
export async function openApiFiles(load: SourceLoader): Promise<Array<[string, string]>> {
  const document = await openApiDocument(load);
  const module = `/** Written by \`npm run generate\` from the controllers and the schemas of their requests; the same as docs/openapi.json. */
export const openApiDocument: Readonly<Record<string, unknown>> = ${JSON.stringify(document)};
`;
  return [[OPENAPI_FILE, `${JSON.stringify(document, undefined, 2)}\n`], [GATEWAY_FILE, module], ['docs/catalogue/endpoints.md', endpointsPage(document)], ...await consoleTypes(document)];
}

import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { badRequest, dataverseRefusal, lacksPrivilege, noSuchResource } from '../dynamics-refusals.ts';
import type { EnvironmentOf } from '../environment-session.ts';
import type { Environment } from '../environments.ts';
import { columnDefinitions } from './column-metadata.ts';
import { apiPath } from './row-answer.ts';
import type { Table } from './tables.ts';

const schemaNameSchema = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{1,7}_\w+$/);
const newColumnSchema = z.discriminatedUnion('@odata.type', [
  z.looseObject({ '@odata.type': z.literal('Microsoft.Dynamics.CRM.StringAttributeMetadata'), SchemaName: schemaNameSchema, MaxLength: z.int().min(1).max(4_000).default(100) }),
  z.looseObject({
    '@odata.type': z.literal('Microsoft.Dynamics.CRM.MemoAttributeMetadata'), SchemaName: schemaNameSchema, MaxLength: z.int().min(1).max(1_048_576).default(2_000),
    Format: z.literal('TextArea'),
  }),
]);
const newKeySchema = z.object({ SchemaName: z.string(), KeyAttributes: z.array(z.string()).min(1).max(16) }).loose();

interface TablePath {
  Params: { table: string };
}

const privilegesFunction = 'Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@names)';
const namesSchema = z.object({ '@names': z.string().transform((text): unknown => JSON.parse(text)).pipe(z.array(z.string())) });

/** Columns and alternate keys of tables. A key's index is made in the background; here it comes at once to what the environment's options say. */
export function registerMetadataRoutes(app: FastifyInstance, environmentOf: EnvironmentOf): void {
  const base = `${apiPath}/:table`;
  const refuse = (path: string, message: string): ReturnType<typeof badRequest> => badRequest(`${path}: ${message}`);

  app.get<{ Params: { table: string; column: string } }>(`${base}/:column`, async (request) => {
    if (request.params.column === privilegesFunction) return privilegesAnswer(environmentOf(request), request.query);
    const table = tableOf(environmentOf(request), request.params.table);
    const name = nameIn(request.params.column);
    const column = table.columns[name];
    if (!request.params.column.startsWith('Attributes(')) throw noSuchResource(request.params.column);
    if (column === undefined) throw dataverseRefusal(404, '0x80060888', `Could not find an attribute with specified name: ${name}.`);
    return { '@odata.type': '#Microsoft.Dynamics.CRM.StringAttributeMetadata', LogicalName: name, MetadataId: randomUUID(), ...(column.type === 'text' && { MaxLength: column.maxLength }) };
  });

  app.get<TablePath & { Querystring: { $filter?: string } }>(`${base}/Attributes`, async (request) => {
    const table = tableOf(environmentOf(request), request.params.table);
    const asked = [...(request.query.$filter ?? '').matchAll(/LogicalName eq '(\w+)'/g)].map(([, name = '']) => name);
    return { value: columnDefinitions(table).filter(({ LogicalName: name }) => asked.length === 0 || asked.includes(String(name))) };
  });

  app.get<{ Params: { table: string; kind: string } }>(`${base}/Attributes/:kind`, async (request) => {
    const kind = /^Microsoft\.Dynamics\.CRM\.(\w+)AttributeMetadata$/.exec(request.params.kind)?.[1];
    if (kind === undefined) throw noSuchResource(request.params.kind);
    return { value: columnDefinitions(tableOf(environmentOf(request), request.params.table), kind) };
  });

  app.post<TablePath>(`${base}/Attributes`, async (request, reply) => {
    const environment = environmentOf(request);
    requirePrivilege(environment, 'prvCreateAttribute');
    const table = tableOf(environment, request.params.table);
    const wanted = read(newColumnSchema, request.body, refuse);
    const name = wanted.SchemaName.toLowerCase();
    if (table.columns[name] !== undefined) throw dataverseRefusal(400, '0x80047013', `An attribute with the specified name ${name} already exists for entity ${table.logicalName}`);
    table.columns[name] = { type: 'text', maxLength: wanted.MaxLength, ...(wanted['@odata.type'].endsWith('MemoAttributeMetadata') && { format: 'TextArea' }) };
    return await reply.code(204).header('odata-entityid', `${environment.url}${apiPath}/EntityDefinitions(${randomUUID()})/Attributes(${randomUUID()})`).send();
  });

  app.get<TablePath>(`${base}/Keys`, async (request) => {
    const table = tableOf(environmentOf(request), request.params.table);
    return { value: table.alternateKeys.map(({ schemaName, columns, indexStatus }) => ({ SchemaName: schemaName, KeyAttributes: columns, EntityKeyIndexStatus: indexStatus, MetadataId: randomUUID() })) };
  });

  app.post<TablePath>(`${base}/Keys`, async (request, reply) => {
    const environment = environmentOf(request);
    requirePrivilege(environment, 'prvCreateEntityKey');
    const table = tableOf(environment, request.params.table);
    const { KeyAttributes: columns, SchemaName: schemaName } = read(newKeySchema, request.body, refuse);
    const unknown = columns.find((name) => table.columns[name] === undefined);
    if (unknown !== undefined) throw badRequest(`The attribute ${unknown} of the key does not exist.`);
    if (table.alternateKeys.some((key) => key.schemaName === schemaName)) throw dataverseRefusal(400, '0x80060892', `An entity key with the name ${schemaName} already exists on ${table.logicalName}.`);
    table.alternateKeys.push({ schemaName, columns, indexStatus: environment.options.keyIndexStatus });
    return await reply.code(204).send();
  });
}

export function requirePrivilege({ options, userId }: Environment, privilege: string): void {
  if (options.withheldPrivileges.some((withheld) => withheld.toLowerCase() === privilege.toLowerCase())) throw lacksPrivilege(userId, privilege);
}

/** Those of the privileges asked for that the user has. */
function privilegesAnswer({ options, orgId }: Environment, query: unknown): unknown {
  const { '@names': names } = read(namesSchema, query, (path, message) => badRequest(`${path}: ${message}`));
  return {
    RolePrivileges: names.filter((name) => !options.withheldPrivileges.includes(name))
      .map((PrivilegeName) => ({ Depth: 'Global', PrivilegeId: randomUUID(), BusinessUnitId: orgId, PrivilegeName })),
  };
}

function tableOf(environment: Environment, text: string): Table {
  const table = environment.rows.tables.find(({ logicalName }) => logicalName === nameIn(text));
  if (table === undefined) throw noSuchResource(text);
  return table;
}

/** `EntityDefinitions(LogicalName='contact')` → `contact`. */
function nameIn(text: string): string {
  return /^(?:EntityDefinitions|Attributes)\(LogicalName='(\w+)'\)$/.exec(text)?.[1] ?? '';
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { OrgOf, VersionPath } from '../org-session.ts';
import type { Org } from '../orgs.ts';
import { field, sobjectTypeOf } from '../records/sobject-fields.ts';
import { apiDisabled, duplicateDeveloperName, insufficientAccess, invalidInput, malformedQuery, noSuchResource, unsupportedType } from '../salesforce-refusals.ts';
import { parseSoql } from '../soql/soql.ts';

const described = {
  label: z.string().min(1).max(40),
  required: z.boolean().default(false),
  description: z.string().max(1_000).optional(),
  inlineHelpText: z.string().max(510).optional(),
};
const customFieldSchema = z.object({
  FullName: z.string().regex(/^\w+\.[A-Za-z]\w*__c$/),
  Metadata: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('Text'), ...described, length: z.int().min(1).max(255),
      externalId: z.boolean().default(false), unique: z.boolean().default(false), caseSensitive: z.boolean().default(false),
    }),
    z.strictObject({ type: z.literal('LongTextArea'), ...described, length: z.int().min(256).max(131_072), visibleLines: z.int().min(2) }),
  ]),
});
const permissionSetSchema = z.object({ Name: z.string().min(1), Label: z.string().min(1), Description: z.string().optional() }).strict();
const fieldPermissionsSchema = z.object({
  ParentId: z.string(), SobjectType: z.string(), Field: z.string(), PermissionsRead: z.literal(true), PermissionsEdit: z.boolean(),
}).strict();
const assignmentSchema = z.object({ AssigneeId: z.string(), PermissionSetId: z.string() }).strict();

const channelMemberSchema = z.object({
  FullName: z.string().regex(/^ChangeEvents_\w+ChangeEvent$/),
  Metadata: z.object({ eventChannel: z.literal('ChangeEvents'), selectedEntity: z.string().regex(/^\w+ChangeEvent$/) }).strict(),
});

const base = '/services/data/:version';

/** What changes an org itself: custom fields by the Tooling API, and by permission sets who sees them. */
export function registerMetadataRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  app.post<VersionPath>(`${base}/tooling/sobjects/CustomField`, async (request, reply) => {
    const org = orgOf(request);
    requireMetadataApi(org);
    if (!mayDeploy(org)) throw insufficientAccess();
    const { FullName, Metadata: wanted } = read(customFieldSchema, request.body, invalidInput);
    const { label, length } = wanted;
    const [typeName = '', name = ''] = FullName.split('.');
    const type = sobjectTypeOf(typeName);
    if (type === undefined) throw unsupportedType(typeName);
    if (org.customFields.find(type, name) !== undefined) throw duplicateDeveloperName(`There is already a field named ${name.replace(/__c$/, '')} on ${type}.`);
    const { id } = org.customFields.add(type, wanted.type === 'Text'
      ? field(name, 'string', { label, length, externalId: wanted.externalId, unique: wanted.unique })
      : field(name, 'textarea', { label, length }));
    return await reply.code(201).send({ id, success: true, errors: [], warnings: [], infos: [] });
  });

  app.post<VersionPath>(`${base}/tooling/sobjects/PlatformEventChannelMember`, async (request, reply) => {
    const org = orgOf(request);
    requireMetadataApi(org);
    if (!org.options.changeDataCapture) throw noSuchResource();
    if (!org.options.permissions.customizeApplication) throw insufficientAccess();
    const { selectedEntity } = read(channelMemberSchema, request.body, invalidInput).Metadata;
    const type = sobjectTypeOf(selectedEntity.replace(/ChangeEvent$/, ''));
    if (type === undefined) throw unsupportedType(selectedEntity);
    if (org.changeEvents.selected.has(type)) throw duplicateDeveloperName(`There is already a member named ChangeEvents_${selectedEntity}.`);
    return await reply.code(201).send({ id: org.changeEvents.select(type), success: true, errors: [], warnings: [], infos: [] });
  });

  app.get<VersionPath>(`${base}/tooling/query`, async (request) => {
    const org = orgOf(request);
    requireMetadataApi(org);
    const { from } = parseSoql(read(z.object({ q: z.string() }), request.query, () => malformedQuery('A query string has to be specified')).q);
    if (from.toLowerCase() === 'platformeventchannelmember' && org.options.changeDataCapture) return selectedEntities(org, request.params.version);
    if (from.toLowerCase() !== 'customfield') throw unsupportedType(from);
    const records = org.customFields.list().map(({ id, type, field: { name } }) => ({
      attributes: { type: 'CustomField', url: `/services/data/${request.params.version}/tooling/sobjects/CustomField/${id}` },
      Id: id, DeveloperName: name.replace(/__c$/, ''), TableEnumOrId: type, NamespacePrefix: null,
    }));
    return { size: records.length, totalSize: records.length, done: true, queryLocator: null, entityTypeName: 'CustomField', records };
  });

  const post = (type: string, create: (org: Org, body: unknown) => string): void => {
    app.post<VersionPath>(`${base}/sobjects/${type}`, async (request, reply) => {
      const org = orgOf(request);
      if (!org.options.permissions.managePermissionSets) throw insufficientAccess();
      return await reply.code(201).send({ id: create(org, request.body), success: true, errors: [] });
    });
  };
  post('PermissionSet', ({ permissionSets }, body) => {
    const { Name, Label } = read(permissionSetSchema, body, invalidInput);
    return permissionSets.create(Name, Label);
  });
  post('FieldPermissions', ({ permissionSets }, body) => {
    const { ParentId, SobjectType, Field } = read(fieldPermissionsSchema, body, invalidInput);
    return permissionSets.grantField(ParentId, SobjectType, Field);
  });
  post('PermissionSetAssignment', ({ permissionSets }, body) => {
    const { PermissionSetId, AssigneeId } = read(assignmentSchema, body, invalidInput);
    return permissionSets.assign(PermissionSetId, AssigneeId);
  });
}

/** Of which types the org tells changes. */
function selectedEntities({ changeEvents }: Org, version: string): Record<string, unknown> {
  const records = [...changeEvents.selected].map(([type, id]) => ({
    attributes: { type: 'PlatformEventChannelMember', url: `/services/data/${version}/tooling/sobjects/PlatformEventChannelMember/${id}` },
    Id: id, DeveloperName: `ChangeEvents_${type}ChangeEvent`, EventChannel: 'ChangeEvents', SelectedEntity: `${type}ChangeEvent`,
  }));
  return { size: records.length, totalSize: records.length, done: true, queryLocator: null, entityTypeName: 'PlatformEventChannelMember', records };
}

/** Some editions have the interface for records and none for metadata. */
export function requireMetadataApi({ options }: Org): void {
  if (!options.metadataApi) throw apiDisabled();
}

export function mayDeploy({ options: { permissions } }: Org): boolean {
  return permissions.modifyMetadata || permissions.customizeApplication;
}

import { personRoleSchema } from '@crossdock/contracts';
import { scimSchemas } from './scim-documents.ts';

type Kind = 'string' | 'boolean' | 'complex' | 'reference';

interface Traits {
  readonly type?: Kind;
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: 'readOnly' | 'readWrite';
  readonly uniqueness?: 'none' | 'server';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly object[];
}

/** An attribute as RFC 7643 §7 describes one. */
function attribute(name: string, description: string, traits: Traits = {}): object {
  return { name, type: 'string', multiValued: false, description, required: false, caseExact: false, mutability: 'readWrite', returned: 'default', uniqueness: 'none', ...traits };
}

const schema = (id: string, name: string, description: string, attributes: readonly object[]): { readonly id: string } & Record<string, unknown> =>
  ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'], id, name, description, attributes, meta: { resourceType: 'Schema', location: `/Schemas/${id}` } });

/** What is kept of users and groups (RFC 7643 §7); other attributes are passed over. */
export const scimSchemaDocuments = [
  schema(scimSchemas.user, 'User', 'A person who may sign on.', [
    attribute('userName', 'The person’s name in this tenant.', { required: true, uniqueness: 'server' }),
    attribute('displayName', 'The name that is shown.'),
    attribute('name', 'The parts of the name.', {
      type: 'complex', subAttributes: [attribute('formatted', 'The whole name.'), attribute('givenName', 'Given name.'), attribute('familyName', 'Family name.')],
    }),
    attribute('active', 'Whether the person may sign on.', { type: 'boolean' }),
    attribute('emails', 'The person’s address. One is kept: the primary one, or else the first.', {
      type: 'complex', multiValued: true, subAttributes: [
        attribute('value', 'The address.'), attribute('type', 'Always work.', { canonicalValues: ['work'] }), attribute('primary', 'Always true.', { type: 'boolean' }),
      ],
    }),
    attribute('roles', 'Roles that are given to the person by name.', {
      type: 'complex', multiValued: true, subAttributes: [attribute('value', 'The role.', { canonicalValues: personRoleSchema.options })],
    }),
    attribute('groups', 'Groups that the person is in.', {
      type: 'complex', multiValued: true, mutability: 'readOnly', subAttributes: [
        attribute('value', 'Id of the group.', { mutability: 'readOnly', caseExact: true }), attribute('display', 'Name of the group.', { mutability: 'readOnly' }),
      ],
    }),
  ]),
  schema(scimSchemas.group, 'Group', 'People who are given roles together.', [
    attribute('displayName', 'Name of the group.', { required: true, uniqueness: 'server' }),
    attribute('members', 'Ids of the people in the group.', {
      type: 'complex', multiValued: true, subAttributes: [
        attribute('value', 'Id of the person.', { caseExact: true }), attribute('display', 'The person’s name.', { mutability: 'readOnly' }),
        attribute('type', 'Always User.', { mutability: 'readOnly', canonicalValues: ['User'] }),
        attribute('$ref', 'Address of the person.', { type: 'reference', mutability: 'readOnly', caseExact: true, referenceTypes: ['User'] }),
      ],
    }),
  ]),
];

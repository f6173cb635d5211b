import { crmObjectTypes, objectTypeFacts } from './crm/crm-object-types.ts';

/** All scopes that this stand-in knows. */
export const knownScopes: readonly string[] = [
  'oauth',
  'crm.objects.owners.read',
  ...crmObjectTypes.flatMap((type) => [`crm.objects.${type}.read`, `crm.objects.${type}.write`, `crm.schemas.${type}.read`]),
  // There is none to write the properties of line items.
  ...crmObjectTypes.filter((type) => type !== 'line_items').map((type) => `crm.schemas.${type}.write`),
];

const readingPosts = /\/(batch\/read|search)$/;

/** The scopes that a call needs, by the object types in its address, which is without its query. */
export function requiredScopes(method: string, path: string): string[] {
  const parts = new Set(path.split('/'));
  if (parts.has('owners')) return ['crm.objects.owners.read'];
  const types = crmObjectTypes.filter((type) => [type, objectTypeFacts[type].singular, objectTypeFacts[type].typeId].some((name) => parts.has(name)));
  if (method === 'GET' || readingPosts.test(path)) return types.map((type) => `crm.objects.${type}.read`);
  return types.map((type) => `crm.${parts.has('properties') ? 'schemas' : 'objects'}.${type}.write`);
}

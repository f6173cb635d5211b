import { z } from 'zod';
import { ScimError } from './scim-error.ts';
import { fulfils, isRecord, parseScimFilter } from './scim-filter.ts';

const schema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** RFC 7644 §3.5.2. Some clients write the operation with a capital letter. */
export const patchSchema = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(schema), `must name ${schema}`),
  Operations: z.array(z.object({
    op: z.string().toLowerCase().pipe(z.enum(['add', 'remove', 'replace'])),
    path: z.string().min(1).max(500).optional(),
    value: z.unknown().optional(),
  })).min(1).max(1_000),
});
type Operation = z.infer<typeof patchSchema>['Operations'][number];
type Resource = Record<string, unknown>;

/** `attribute`, `attribute.sub`, `attribute[filter]` or `attribute[filter].sub`, behind the name of a schema or not. */
const pathForm = /^(?:urn:[\w.:-]+:)?([A-Za-z][\w$-]*)(?:\[(.*)\])?(?:\.([A-Za-z$][\w$-]*))?$/s;
const forbidden = new Set(['id', 'meta', 'schemas', '__proto__', 'constructor', 'prototype']);

/**
 * A resource after the operations, in their order; the one that was given stays as it is. All of them hold, or none.
 * @throws ScimError 400
 */
export function applyPatch(resource: Resource, operations: readonly Operation[]): Resource {
  const result = structuredClone(resource);
  for (const operation of operations) applyOne(result, operation);
  return result;
}

function applyOne(resource: Resource, { op, path, value }: Operation): void {
  if (path === undefined) {
    if (op === 'remove') throw new ScimError(400, 'An operation that removes must name a path.', 'noTarget');
    if (!isRecord(value)) throw new ScimError(400, 'An operation without a path must hold an object.', 'invalidValue');
    // Some clients put paths such as `name.givenName` where attributes belong.
    for (const [name, part] of Object.entries(value)) if (name !== 'schemas') applyOne(resource, { op, path: name, value: part });
    return;
  }
  const [, attribute, filter, sub] = pathForm.exec(path) ?? [];
  if (attribute === undefined) throw new ScimError(400, 'The path of an operation cannot be read.', 'invalidPath');
  if (forbidden.has(attribute) || (sub !== undefined && forbidden.has(sub))) throw new ScimError(400, `${attribute} cannot be changed.`, 'mutability');
  const name = Object.keys(resource).find((known) => known.toLowerCase() === attribute.toLowerCase()) ?? attribute;
  if (filter !== undefined) return applyToEntries(resource, name, { op, value, filter, sub });
  if (sub !== undefined) return applyToSub(resource, name, { op, value, sub });
  if (op === 'remove') removeFrom(resource, name, value);
  else resource[name] = op === 'add' ? added(resource[name], value) : value;
}

/** A list grows by what is not in it; an object takes the new parts; all else is replaced. */
function added(present: unknown, value: unknown): unknown {
  if (Array.isArray(present)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    const known = new Set((present as unknown[]).map(keyOf));
    return [...present as unknown[], ...values.filter((entry) => !known.has(keyOf(entry)))];
  }
  return isRecord(present) && isRecord(value) ? { ...present, ...value } : value;
}

/** With a value, only the entries that it names are taken out of a list, as some clients do with members. */
function removeFrom(resource: Resource, name: string, value: unknown): void {
  const present = resource[name];
  if (Array.isArray(present) && value !== undefined) {
    const gone = new Set((Array.isArray(value) ? value as unknown[] : [value]).map(keyOf));
    resource[name] = (present as unknown[]).filter((entry) => !gone.has(keyOf(entry)));
  } else {
    resource[name] = Array.isArray(present) ? [] : undefined;
  }
}

function keyOf(entry: unknown): string {
  return isRecord(entry) && 'value' in entry ? String(entry['value']) : JSON.stringify(entry);
}

interface EntryChange {
  readonly op: Operation['op'];
  readonly value: unknown;
  readonly filter: string;
  readonly sub: string | undefined;
}

function applyToEntries(resource: Resource, name: string, { op, value, filter, sub }: EntryChange): void {
  const present = Array.isArray(resource[name]) ? resource[name] as unknown[] : [];
  const parsed = parseScimFilter(filter);
  const isMeant = (entry: unknown): boolean => fulfils(entry, parsed);
  if (op === 'remove' && sub === undefined) {
    resource[name] = present.filter((entry) => !isMeant(entry));
    return;
  }
  if (!present.some(isMeant)) {
    if (op === 'remove') return;
    // `emails[type eq "work"].value` of somebody without one makes it.
    if (parsed.kind !== 'compare' || parsed.operator !== 'eq') throw new ScimError(400, 'No entry of the list fulfils the filter.', 'noTarget');
    const entry = { [parsed.path]: parsed.value, ...(sub === undefined ? (isRecord(value) ? value : { value }) : { [sub]: value }) };
    resource[name] = [...present, entry];
    return;
  }
  resource[name] = present.map((entry) => {
    if (!isMeant(entry) || !isRecord(entry)) return entry;
    if (sub === undefined) return isRecord(value) ? { ...entry, ...value } : value;
    return { ...entry, [sub]: op === 'remove' ? undefined : value };
  });
}

function applyToSub(resource: Resource, name: string, { op, value, sub }: Omit<EntryChange, 'filter' | 'sub'> & { readonly sub: string }): void {
  const present = resource[name];
  if (Array.isArray(present)) throw new ScimError(400, `${name} is a list: name the entry by a filter.`, 'invalidPath');
  resource[name] = { ...(isRecord(present) ? present : {}), [sub]: op === 'remove' ? undefined : value };
}

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { EventDescription } from './catalogue.ts';

/** The part of JSON Schema that the catalogue uses for structure; every other keyword limits a value. */
const schemaNode = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  propertyNames: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
});
type SchemaNode = z.infer<typeof schemaNode>;

const structuralKeywords = new Set([...Object.keys(schemaNode.shape), '$schema', 'title', 'description']);

/**
 * What a consumer or producer of the released event could not live with in the present one, one sentence a break.
 * Within a major version fields may be added if they are optional, an enumeration may get a value and a union a
 * variant; everything else is a new major.
 */
export function breaksOfEvent(released: EventDescription, present: EventDescription): string[] {
  const breaks = breaksOfNode('data', schemaNode.parse(released.schema), schemaNode.parse(present.schema));
  // More of them is the topic job's work, which waits until they can be had; a topic never has fewer.
  if (present.partitions < released.partitions) breaks.push(`the topic has ${present.partitions} partitions instead of ${released.partitions}`);
  // What has read a record's last event only does not have the others any more.
  if (present.carries !== released.carries) breaks.push(`the event carries a ${present.carries} instead of a ${released.carries}`);
  return breaks;
}

function breaksOfNode(path: string, released: SchemaNode, present: SchemaNode): string[] {
  return [
    ...breaksOfLimits(path, released, present),
    ...breaksOfProperties(path, released, present),
    ...breaksOfEnumeration(path, released, present),
    ...breaksOfVariants(path, released, present),
    ...breaksOfPart(`${path}[]`, released.items, present.items),
    ...breaksOfPart(`${path}{}`, released.propertyNames, present.propertyNames),
  ];
}

/** Narrowing a limit refuses events that are still in the topic; widening one surprises consumers that relied on it. */
function breaksOfLimits(path: string, released: SchemaNode, present: SchemaNode): string[] {
  const keywords = new Set([...Object.keys(released), ...Object.keys(present)].filter((keyword) => !structuralKeywords.has(keyword)));
  // A format's pattern is zod's wording of it and may change with zod.
  if ('format' in released && 'format' in present) keywords.delete('pattern');
  return [...keywords].flatMap((keyword) => {
    const [before, after] = [released[keyword], present[keyword]];
    return isDeepStrictEqual(before, after) ? [] : [`${path}: ${keyword} changed from ${JSON.stringify(before)} to ${JSON.stringify(after)}`];
  });
}

function breaksOfProperties(path: string, released: SchemaNode, present: SchemaNode): string[] {
  const [before, after] = [released.properties ?? {}, present.properties ?? {}];
  const [wasRequired, isRequired] = [new Set(released.required), new Set(present.required)];
  const kept = Object.keys(before).flatMap((name) => {
    const inner = `${path}.${name}`;
    if (!(name in after)) return [`${inner} was removed`];
    const turned = isRequired.has(name) ? 'required' : 'optional';
    const duty = wasRequired.has(name) === isRequired.has(name) ? [] : [`${inner} became ${turned}`];
    return [...duty, ...breaksOfPart(inner, before[name], after[name])];
  });
  const added = Object.keys(after).filter((name) => !(name in before) && isRequired.has(name));
  return [...kept, ...added.map((name) => `${path}.${name} was added and is required`)];
}

function breaksOfEnumeration(path: string, released: SchemaNode, present: SchemaNode): string[] {
  if (released.enum === undefined || present.enum === undefined) {
    return released.enum === present.enum ? [] : [`${path}: an enumeration was ${released.enum ? 'dropped' : 'added'}`];
  }
  const values = new Set(present.enum);
  return released.enum.filter((value) => !values.has(value)).map((value) => `${path}: the value ${JSON.stringify(value)} was removed`);
}

function breaksOfVariants(path: string, released: SchemaNode, present: SchemaNode): string[] {
  return (['oneOf', 'anyOf'] as const).flatMap((union) => {
    const before = (released[union] ?? []).map((variant) => schemaNode.parse(variant));
    const after = (present[union] ?? []).map((variant) => schemaNode.parse(variant));
    if (before.length === 0) return after.length === 0 ? [] : [`${path} became a union`];
    return before.flatMap((variant, index) => {
      const label = labelOf(variant) ?? String(index);
      const counterpart = after.find((candidate, position) => (labelOf(candidate) ?? String(position)) === label);
      return counterpart === undefined ? [`${path}: the variant ${label} was removed`] : breaksOfNode(`${path}(${label})`, variant, counterpart);
    });
  });
}

/** What tells a union's variants apart: the values of their constant fields. */
function labelOf({ properties = {} }: SchemaNode): string | undefined {
  const constants = Object.entries(properties).flatMap(([name, property]) => {
    const { const: value } = schemaNode.parse(property);
    return value === undefined ? [] : [`${name} ${JSON.stringify(value)}`];
  });
  return constants.length === 0 ? undefined : constants.join(', ');
}

function breaksOfPart(path: string, released: unknown, present: unknown): string[] {
  if (released === undefined || present === undefined) {
    return released === present ? [] : [`${path} was ${released === undefined ? 'added' : 'removed'}`];
  }
  return breaksOfNode(path, schemaNode.parse(released), schemaNode.parse(present));
}

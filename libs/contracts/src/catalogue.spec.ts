import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { breaksOfEvent } from './catalogue-compatibility.ts';
import { describeEvent, eventCatalogue, eventDescriptionSchema, renderEventDescription } from './catalogue.ts';
import { envelopeSchema } from './envelope.ts';
import { serviceNames } from './event-definition.ts';

const folder = new URL('../../../docs/catalogue/events/', import.meta.url);
const committedTypes = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
const committed = (type: string): string => readFileSync(new URL(`${type}.json`, folder), 'utf8');

describe('the event catalogue', () => {
  it('names each event once', () => {
    expect(new Set(eventCatalogue.map(({ type }) => type)).size).toBe(eventCatalogue.length);
  });

  it('has a committed file for every event, and for nothing else', () => {
    expect(eventCatalogue.map(({ type }) => type).sort()).toEqual(committedTypes.sort());
  });
});

describe.each(eventCatalogue.map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  it('is named <domain>.<entity>.<past tense>.v<major>, as the envelope asks for', () => {
    expect(type).toMatch(/^[a-z]+\.[a-z_]+\.[a-z_]+\.v[1-9][0-9]*$/);
    expect(envelopeSchema.shape.type.safeParse(type).success).toBe(true);
  });

  it('is said by somebody, and by services that exist', () => {
    expect(definition.producers.length).toBeGreaterThan(0);
    expect(serviceNames).toEqual(expect.arrayContaining([...definition.producers, ...definition.consumers]));
  });

  it('has a schema that changes nothing it checks, so that its JSON Schema is exact', () => {
    const open = (schema: unknown): string => JSON.stringify(schema, (key, value: unknown) => (key === 'additionalProperties' && value === false ? undefined : value));
    expect(open(z.toJSONSchema(definition.schema, { io: 'input' }))).toBe(open(z.toJSONSchema(definition.schema, { io: 'output' })));
  });

  it('does not break what is released under its major version', () => {
    const released = eventDescriptionSchema.parse(JSON.parse(committed(type)));
    expect(breaksOfEvent(released, describeEvent(definition))).toEqual([]);
  });

  it('is described by its committed file (npm run generate writes it)', () => {
    expect(committed(type)).toBe(renderEventDescription(describeEvent(definition)));
  });
});

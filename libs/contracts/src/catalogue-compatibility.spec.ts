import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { breaksOfEvent } from './catalogue-compatibility.ts';
import { describeEvent, type EventDescription } from './catalogue.ts';
import { defineEvent, type EventDefinition } from './event-definition.ts';

function released(schema: z.ZodType, layout: Partial<Pick<EventDefinition, 'partitions' | 'carries'>> = {}): EventDescription {
  return describeEvent(defineEvent({
    type: 'test.parcel.weighed.v1', description: 'A parcel was weighed.', producers: ['shipping'], consumers: [], schema, ...layout,
  }));
}

const parcelShape = {
  id: z.uuid(),
  grams: z.int().positive(),
  size: z.enum(['small', 'large']),
  note: z.string().optional(),
  stops: z.array(z.object({ city: z.string() })),
  contents: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('sample'), campaign: z.string() }),
    z.object({ kind: z.literal('order'), orderId: z.uuid() }),
  ]),
};
const parcel = z.object(parcelShape);

function breaks(present: z.ZodType): string[] {
  return breaksOfEvent(released(parcel), released(present));
}

describe('within a major version an event', () => {
  it('may stay as it is', () => {
    expect(breaks(parcel)).toEqual([]);
  });

  it('may get optional fields, also deep inside', () => {
    expect(breaks(parcel.extend({
      colour: z.string().optional(),
      stops: z.array(z.object({ city: z.string(), country: z.string().optional() })),
    }))).toEqual([]);
  });

  it('may get a value in an enumeration and a variant in a union', () => {
    const [sample, order] = parcelShape.contents.options;
    expect(breaks(parcel.extend({
      size: z.enum(['medium', 'small', 'large']),
      contents: z.discriminatedUnion('kind', [z.object({ kind: z.literal('return'), reason: z.string() }), sample, order]),
    }))).toEqual([]);
  });

  it('may be described better', () => {
    expect(breaks(parcel.extend({ grams: z.int().positive().describe('Weight without the box.') }))).toEqual([]);
  });
});

describe('an event breaks when', () => {
  it.each([
    ['a field is removed', parcel.omit({ note: true }), 'data.note was removed'],
    ['a required field is added', parcel.extend({ colour: z.string() }), 'data.colour was added and is required'],
    ['an optional field becomes required', parcel.extend({ note: z.string() }), 'data.note became required'],
    ['a required field becomes optional', parcel.extend({ id: z.uuid().optional() }), 'data.id became optional'],
    ['a type changes', parcel.extend({ note: z.boolean().optional() }), 'data.note: type changed from "string" to "boolean"'],
    ['a limit is narrowed', parcel.extend({ note: z.string().max(10).optional() }), 'data.note: maxLength changed from undefined to 10'],
    ['a format changes', parcel.extend({ id: z.email() }), 'data.id: format changed from "uuid" to "email"'],
    ['a value leaves an enumeration', parcel.extend({ size: z.enum(['small']) }), 'data.size: the value "large" was removed'],
    ['an enumeration is opened', parcel.extend({ size: z.string() }), 'data.size: an enumeration was dropped'],
    ['an element of a list changes', parcel.extend({ stops: z.array(z.object({})) }), 'data.stops[].city was removed'],
  ])('%s', (_case, present, sentence) => {
    expect(breaks(present)).toContain(sentence);
  });

  it('a variant of a union changes or leaves', () => {
    const present = parcel.extend({ contents: z.discriminatedUnion('kind', [z.object({ kind: z.literal('sample') })]) });
    expect(breaks(present)).toEqual([
      'data.contents(kind "sample").campaign was removed',
      'data.contents: the variant kind "order" was removed',
    ]);
  });

  it('its topic gets fewer partitions; more of them are no break', () => {
    expect(breaksOfEvent(released(parcel), released(parcel, { partitions: 3 }))).toEqual(['the topic has 3 partitions instead of 6']);
    expect(breaksOfEvent(released(parcel), released(parcel, { partitions: 12 }))).toEqual([]);
  });

  it('its topic loses what was compacted away', () => {
    expect(breaksOfEvent(released(parcel), released(parcel, { carries: 'state' }))).toEqual(['the event carries a state instead of a fact']);
  });
});

import { eventCatalogue, olderTypesOf, type EventDefinition } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseEvent } from './event-parser.ts';

const layout = { description: 'Tea was poured.', producers: [], consumers: [], partitions: 1, retentionHours: 1, carries: 'fact' } as const;
const first: EventDefinition = { ...layout, type: 'test.tea.poured.v1', schema: z.object({ cup: z.string(), millilitres: z.number().optional() }) };
const second: EventDefinition = {
  ...layout, type: 'test.tea.poured.v2', schema: z.object({ cup: z.object({ name: z.string() }), litres: z.number().optional() }),
  predecessor: {
    definition: first,
    upgrade: (data) => {
      const { cup, millilitres } = z.object({ cup: z.string(), millilitres: z.number().optional() }).parse(data);
      return { cup: { name: cup }, ...(millilitres !== undefined && { litres: millilitres / 1_000 }) };
    },
  },
};
const third: EventDefinition = {
  ...layout, type: 'test.tea.poured.v3', schema: z.object({ cupName: z.string().min(2) }),
  predecessor: { definition: second, upgrade: (data) => ({ cupName: z.object({ cup: z.object({ name: z.string() }) }).parse(data).cup.name }) },
};

const envelope = (type: string, data: unknown) => ({
  specversion: '1.0', id: '0198f000-0000-7000-8000-000000000001', source: '/crossdock/test', type, time: '2026-03-01T00:00:00.000Z', subject: 'cup/1',
  datacontenttype: 'application/json', dataschema: `urn:crossdock:schema:${type}`, tenantid: '0198f000-0000-7000-8000-00000000000a',
  correlationid: '0198f000-0000-7000-8000-000000000002', data,
});
const parse = (catalogue: readonly EventDefinition[], type: string, data: unknown) => parseEvent(Buffer.from(JSON.stringify(envelope(type, data))), catalogue);

describe('an event of an older version', () => {
  it('reaches its handler in the newest one, and is the same event', () => {
    expect(parse([first, second], first.type, { cup: 'blue', millilitres: 250 })).toEqual({
      ok: true, envelope: { ...envelope(second.type, { cup: { name: 'blue' }, litres: 0.25 }) },
    });
    expect(parse([first, second], second.type, { cup: { name: 'blue' } })).toEqual({ ok: true, envelope: envelope(second.type, { cup: { name: 'blue' } }) });
  });

  it('goes through every version in between', () => {
    expect(parse([third, second, first], first.type, { cup: 'blue' })).toMatchObject({ ok: true, envelope: { type: third.type, data: { cupName: 'blue' } } });
    expect(olderTypesOf(third.type, [first, second, third])).toEqual([second.type, first.type]);
    expect(olderTypesOf(first.type, [first, second, third])).toEqual([]);
  });

  it('is put aside with the reason where it fits its own version or the newest one not', () => {
    expect(parse([first, second], first.type, { cup: 7 })).toMatchObject({ ok: false, reason: 'schema_mismatch', error: expect.stringContaining('The data of test.tea.poured.v1 is wrong') });
    expect(parse([first, second, third], first.type, { cup: 'b' })).toMatchObject({ ok: false, reason: 'schema_mismatch', error: expect.stringMatching(/do not become those of test\.tea\.poured\.v3: cupName/) });
  });

  it('is none in the catalogue as it is: each event is what it was', () => {
    expect(eventCatalogue.flatMap(({ type }) => olderTypesOf(type))).toEqual([]);
  });
});

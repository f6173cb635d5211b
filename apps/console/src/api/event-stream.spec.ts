import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readEvents, type ServerSentEvent } from './event-stream.ts';

async function eventsIn(pieces: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

/** The bytes of a text in pieces that are cut at these places. */
function cut(text: string, places: readonly number[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const ends = [...places.map((place) => place % bytes.length), bytes.length].sort((one, other) => one - other);
  return ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
}

describe('a stream of server-sent events', () => {
  it('gives each event with its id, several lines of data as one text, and no comments', async () => {
    const text = ': nothing new\n\nid: 1\ndata: {"done":1}\n\ndata: one\ndata:two\nevent: other\n\nid: 3\r\ndata: drei €\r\n\r\n';
    expect(await eventsIn(cut(text, []))).toEqual([
      { id: '1', data: '{"done":1}' }, { id: '1', data: 'one\ntwo' }, { id: '3', data: 'drei €' },
    ]);
  });

  it('leaves out an event that breaks off', async () => {
    expect(await eventsIn(cut('id: 1\ndata: whole\n\nid: 2\ndata: half', []))).toEqual([{ id: '1', data: 'whole' }]);
  });

  it('is read the same wherever the pieces of its bytes are cut', async () => {
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    const events = fc.array(fc.record({ data: fc.string({ unit: 'grapheme', maxLength: 12 }).filter((data) => !/[\r\n]/.test(data)), end: lineEnd }), { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(events, fc.array(fc.nat(), { maxLength: 8 }), async (told, places) => {
      const text = `${told.map(({ data, end }, index) => `id: ${index}${end}data: ${data}${end}${end}`).join('')}: end\n`;
      expect(await eventsIn(cut(text, places))).toEqual(told.map(({ data }, index) => ({ id: String(index), data })));
    }));
  });
});

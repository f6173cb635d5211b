import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readOpaqueCursor, writeOpaqueCursor } from './opaque-cursor.ts';

const placeSchema = z.strictObject({ after: z.string() });

describe('a cursor', () => {
  it('names the place that it was written for, in signs that an address takes', () => {
    const cursor = writeOpaqueCursor({ after: 'Müller?&/~' });
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readOpaqueCursor(placeSchema, cursor)).toEqual({ after: 'Müller?&/~' });
  });

  it('names none where it is cut off, of another list, or nothing of ours', () => {
    const cursors = ['', 'nonsense', writeOpaqueCursor({ after: 'a' }).slice(0, -4), writeOpaqueCursor({ before: 'a' }), writeOpaqueCursor(null)];
    expect(cursors.map((cursor) => readOpaqueCursor(placeSchema, cursor))).toEqual(cursors.map(() => undefined));
  });
});

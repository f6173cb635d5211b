import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../connection.ts';
import { TokenMemory } from './token-memory.ts';

/** Stored tokens that are numbered in the order they were read or renewed. */
function arrange(): { memory: TokenMemory; connection: () => Connection } {
  let reads = 0;
  return {
    memory: new TokenMemory({ get: async () => `read ${(reads += 1)}`, refreshAfter401: async (_, refused) => `instead of ${refused}` }),
    connection: () => ({
      id: randomUUID(), tenantId: randomUUID(), vendor: 'hubspot', accountId: '1', settings: {}, state: 'healthy', stateSince: new Date(),
    }),
  };
}

describe('a memory of access tokens', () => {
  it('reads a connection’s token once for many calls, and each connection’s own', async () => {
    const { memory, connection } = arrange();
    const [one, other] = [connection(), connection()];
    expect(await Promise.all([memory.get(one), memory.get(one), memory.get(other)])).toEqual(['read 1', 'read 1', 'read 2']);
    expect(await memory.get(one)).toBe('read 1');
  });

  it('gives the new token after the vendor refused the old one', async () => {
    const { memory, connection } = arrange();
    const one = connection();
    const refused = await memory.get(one);
    await memory.refreshAfter401(one, refused);
    expect(await memory.get(one)).toBe('instead of read 1');
  });
});

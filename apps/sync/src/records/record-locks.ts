import type { CrmRef } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { findNamed } from './record-associations.ts';
import { lockRecords } from './synced-record.repository.ts';

/** A record of an account. */
export interface AccountRef extends CrmRef {
  readonly connectionId: string;
}

/**
 * Keeps others from changing the golden records of these records of accounts. Whoever takes over many in one transaction begins with
 * this: in whatever order they come, two such never wait for each other.
 */
export async function lockLinked(manager: EntityManager, refs: readonly AccountRef[]): Promise<void> {
  if (refs.length < 2) return;
  const linked: string[] = [];
  for (const [connectionId, ofConnection] of Map.groupBy(refs, (ref) => ref.connectionId)) {
    linked.push(...(await findNamed(manager, connectionId, ofConnection)).values());
  }
  await lockRecords(manager, linked);
}

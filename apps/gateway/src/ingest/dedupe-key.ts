import { hash } from 'node:crypto';
import type { Vendor } from '@crossdock/contracts';

export interface DedupeScope {
  readonly vendor: Vendor;
  readonly tenantId: string;
  readonly connectionId: string;
  /** Kind of object, so that a deal and a contact with the same number never collide. */
  readonly kind: string;
}

/** The key by which a repeated delivery is recognised. It always holds tenant and connection. */
export function dedupeKeyOf({ vendor, tenantId, connectionId, kind }: DedupeScope, uniqueId: string): Buffer {
  return hash('sha256', JSON.stringify([vendor, tenantId, connectionId, kind, uniqueId]), 'buffer');
}

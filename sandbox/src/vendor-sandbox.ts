import type { FastifyInstance } from 'fastify';
import type { FaultInjection } from './fault-injection.ts';
import type { Vendor } from './vendor-refusal.ts';
import type { WriteJournal } from './write-journal.ts';

/** What every vendor's stand-in offers to the process that hosts it. */
export interface VendorSandbox {
  readonly vendor: Vendor;
  readonly faults: FaultInjection;
  readonly writes: WriteJournal;
  /** The vendor's own API; the scope's address is already `/<vendor>`. */
  registerApi(scope: FastifyInstance): void;
  /** Accounts and what people do in the vendor's own pages; the scope's address is `/control/<vendor>`. */
  registerControl(scope: FastifyInstance): void;
  /** Spoils the tokens of one account, or of all; false when the vendor has nothing of the kind. */
  spoilTokens(kind: 'revoke-token' | 'expire-token', account: string | undefined): boolean;
  /** Forgets all accounts and records. */
  clear(): void;
}

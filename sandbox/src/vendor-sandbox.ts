import type { FastifyInstance } from 'fastify';
import type { Consent } from './authorization/consent.ts';
import type { TokenFaultKind } from './control/fault.schema.ts';
import type { FaultInjection } from './fault-injection.ts';
import type { Vendor } from './vendor-refusal.ts';
import type { WriteJournal } from './write-journal.ts';

/** What every vendor's stand-in offers to the process that hosts it. */
export interface VendorSandbox {
  readonly vendor: Vendor;
  readonly faults: FaultInjection;
  readonly writes: WriteJournal;
  /** How people answer on the vendor's authorization pages. */
  readonly consent: Consent;
  /** The vendor's own API; the scope's address is already `/<vendor>`. */
  registerApi(scope: FastifyInstance): void;
  /** Accounts and what people do in the vendor's own pages; the scope's address is `/control/<vendor>`. */
  registerControl(scope: FastifyInstance): void;
  /** Spoils the tokens of one account, or of all, or all codes; false when the vendor has nothing of the kind. */
  spoilTokens(kind: TokenFaultKind, account: string | undefined): boolean;
  /** Forgets all accounts and records. */
  clear(): void;
}

import type { Part } from './keeper-protocol.ts';

/** The servers behind the stack, started on demand. */
export type KeptServers = {
  readonly kind: 'compose' | 'native';
  /** Starts those of the parts that do not run yet; answers every part's address. */
  start(parts: readonly Part[]): Promise<Partial<Record<Part, string>>>;
  /** Ends one server without a warning, as an outage would. `start` brings it back where it was, with its data. */
  kill(part: Part): Promise<void>;
  /** Ends everything, whatever state it is in. */
  stop(): Promise<void>;
};

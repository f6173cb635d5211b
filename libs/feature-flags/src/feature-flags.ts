import { randomUUID } from 'node:crypto';
import { BackgroundLoop } from '@crossdock/background-loop';
import type { TenantDatabase } from '@crossdock/tenancy';
import { OpenFeature, type Client } from '@openfeature/server-sdk';
import { flags, type FlagName } from './flags.ts';
import { FlagStore } from './flag-store.ts';
import { PostgresFlagProvider } from './postgres-flag-provider.ts';

/** How long a change goes unnoticed in another process. */
const lookEveryMs = 2_000;

export interface FeatureFlagsOptions {
  readonly database: TenantDatabase;
  /** Told that rules could not be read; those that were read last hold on. */
  readonly onFault: (error: unknown) => void;
}

/** Which tenant may what that is being rolled out, or was taken back. A change holds in every process within seconds. */
export class FeatureFlags {
  /** OpenFeature keeps providers by domain for the whole process, and a process may hold several services. */
  readonly #domain = `crossdock-${randomUUID()}`;
  readonly #provider: PostgresFlagProvider;
  readonly #client: Client;
  readonly #loop: BackgroundLoop;

  constructor({ database, onFault }: FeatureFlagsOptions) {
    this.#provider = new PostgresFlagProvider(new FlagStore(database));
    this.#client = OpenFeature.getClient(this.#domain);
    this.#loop = new BackgroundLoop({
      round: async () => {
        await this.#provider.refresh();
        return 'idle';
      },
      onFault: async (error) => onFault(error),
      idleMs: lookEveryMs,
      faultPauseMs: lookEveryMs,
    });
  }

  async onModuleInit(): Promise<void> {
    await OpenFeature.setProviderAndWait(this.#domain, this.#provider);
    this.#loop.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  /** Whether a tenant may; as by default where the rules cannot be read. */
  isOn(flag: FlagName, tenantId: string): Promise<boolean> {
    return this.#client.getBooleanValue(flag, flags[flag]?.isOnByDefault ?? false, { targetingKey: tenantId });
  }
}

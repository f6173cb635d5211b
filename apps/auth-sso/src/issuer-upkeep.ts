import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { BackgroundLoop } from '@crossdock/background-loop';
import type { Logger } from '@crossdock/service-kit';
import type { SigningKeys } from './keys/signing-keys.ts';
import type { UsedAssertions } from './tokens/used-assertions.ts';

/** Far more often than keys change, so that each replica knows a new key long before it signs. */
const intervalMs = 60_000;

export interface IssuerUpkeepOptions {
  readonly keys: SigningKeys;
  readonly usedAssertions: UsedAssertions;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Has the keys ready before the first request, and keeps keys and remembered assertions up to date from then on. */
export class IssuerUpkeep implements OnModuleInit, OnModuleDestroy {
  readonly #options: IssuerUpkeepOptions;
  readonly #loop: BackgroundLoop;

  constructor(options: IssuerUpkeepOptions) {
    this.#options = options;
    this.#loop = new BackgroundLoop({
      round: async () => {
        await this.runOnce();
        return 'idle';
      },
      onFault: async (error) => options.logger.error({ err: error }, 'upkeep of the signing keys failed; it is tried again in a minute'),
      idleMs: intervalMs,
      faultPauseMs: intervalMs,
    });
  }

  /** A start without keys fails, rather than serve an empty list of them. */
  async onModuleInit(): Promise<void> {
    await this.runOnce();
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** One round of upkeep. */
  async runOnce(): Promise<void> {
    const { keys, usedAssertions, now } = this.#options;
    await keys.refresh();
    await usedAssertions.forgetEnded(now());
  }
}

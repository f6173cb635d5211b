import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
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
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(options: IssuerUpkeepOptions) {
    this.#options = options;
  }

  async onModuleInit(): Promise<void> {
    await this.runOnce();
    this.#scheduleNext();
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#round;
    clearTimeout(this.#timer);
  }

  /** One round of upkeep. */
  async runOnce(): Promise<void> {
    const { keys, usedAssertions, now } = this.#options;
    await keys.refresh();
    await usedAssertions.forgetEnded(now());
  }

  #scheduleNext(): void {
    this.#timer = setTimeout(() => {
      this.#round = this.runOnce()
        .catch((error: unknown) => this.#options.logger.error({ err: error }, 'upkeep of the signing keys failed; it is tried again in a minute'))
        .then(() => this.#scheduleNext());
    }, intervalMs).unref();
  }
}

import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { BackgroundLoop } from '@crossdock/background-loop';
import type { Logger } from '@crossdock/service-kit';
import { z } from 'zod';
import type { TenantWork } from '../tenant-work.ts';
import type { ProviderRepository } from './provider.repository.ts';

/** Keys of the vault change by a restart, after which it is done at once; hourly, because a replica with the old setting may have sealed something meanwhile. */
const intervalMs = 3_600_000;
const faultPauseMs = 60_000;

const tenantsSchema = z.array(z.object({ tenantId: z.uuid() }));

export interface ProviderUpkeepOptions {
  readonly work: TenantWork;
  readonly providers: ProviderRepository;
  readonly logger: Logger;
}

/** Brings the client secrets of tenants' identity providers under the current vault key after it was changed. */
export class ProviderUpkeep implements OnModuleInit, OnModuleDestroy {
  readonly #options: ProviderUpkeepOptions;
  readonly #loop: BackgroundLoop;

  constructor(options: ProviderUpkeepOptions) {
    this.#options = options;
    this.#loop = new BackgroundLoop({
      round: async () => {
        await this.runOnce();
        return 'idle';
      },
      onFault: async (error) => options.logger.error({ err: error }, 'secrets of identity providers could not be sealed anew; it is tried again in a minute'),
      idleMs: intervalMs,
      faultPauseMs,
    });
  }

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** One round over all tenants that were ever told of. @returns how many secrets were sealed anew. */
  async runOnce(): Promise<number> {
    const { work, providers, logger } = this.#options;
    const tenants = tenantsSchema.parse(await work.across((manager) => manager.query(`SELECT tenant_id AS "tenantId" FROM tenant_standing WHERE state <> 'erased'`)));
    let resealed = 0;
    for (const { tenantId } of tenants) resealed += await work.run(tenantId, (manager) => providers.reseal(manager, tenantId));
    if (resealed > 0) logger.info({ resealed }, 'secrets of identity providers were sealed anew');
    return resealed;
  }
}

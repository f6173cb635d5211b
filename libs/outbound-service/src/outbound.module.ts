import { CallLog } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { RateBudgets } from '@crossdock/rate-budgets';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { Module, type DynamicModule, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { InteractiveCalls } from './interactive-calls.ts';
import type { OutboundConfig } from './outbound.config.ts';

/** The way out to vendors as every service has it: budgets counted in Redis, each call recorded, closed when the service ends. */
@Module({})
export class OutboundModule implements OnModuleInit, OnApplicationShutdown {
  readonly #http: OutboundHttp;
  readonly #calls: CallLog;

  constructor(http: OutboundHttp, calls: CallLog) {
    this.#http = http;
    this.#calls = calls;
  }

  static forService(config: OutboundConfig & { readonly topicPrefix: string }): DynamicModule {
    return {
      module: OutboundModule,
      providers: [
        { provide: APP_INTERCEPTOR, useClass: InteractiveCalls },
        {
          provide: CallLog,
          useFactory: (database: TenantDatabase, logger: Logger, metrics: Registry) =>
            new CallLog({ database, logger, metrics, retentionDays: config.callLogRetentionDays }),
          inject: [TenantDatabase, LOGGER, Registry],
        },
        {
          provide: RateBudgets,
          useFactory: (redis: Redis, metrics: Registry) => new RateBudgets({
            redis, metrics, keyPrefix: `${config.topicPrefix}crossdock:`,
            interactiveShare: config.vendorBudgetInteractiveShare, assumedReplicas: config.vendorBudgetReplicas,
          }),
          inject: [Redis, Registry],
        },
        {
          provide: OutboundHttp,
          useFactory: (metrics: Registry, logger: Logger, budgets: RateBudgets, recorder: CallLog) =>
            new OutboundHttp({ metrics, logger, budgets, recorder, allowPrivateNetworks: config.outboundAllowPrivateNetworks }),
          inject: [Registry, LOGGER, RateBudgets, CallLog],
        },
      ],
      exports: [OutboundHttp, RateBudgets],
    };
  }

  onModuleInit(): void {
    this.#calls.start();
  }

  /** The calls under way come first: each of them leaves a record. */
  async onApplicationShutdown(): Promise<void> {
    await this.#http.close();
    await this.#calls.stop();
  }
}

import { LOGGER, type Logger } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { Module, type DynamicModule } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.ts';
import { JournalDays } from './entries/journal-days.ts';
import { JournalEvents } from './entries/journal.events.ts';
import type { JournalConfig } from './journal.config.ts';
import { LineageController } from './lineage/lineage.controller.ts';

@Module({})
export class JournalModule {
  static forService({ journalRetentionDays }: JournalConfig): DynamicModule {
    return {
      module: JournalModule,
      controllers: [JournalEvents, LineageController, AuditController],
      providers: [
        {
          provide: JournalDays,
          useFactory: (database: TenantDatabase, logger: Logger) => new JournalDays({ database, logger, retentionDays: journalRetentionDays }),
          inject: [TenantDatabase, LOGGER],
        },
      ],
    };
  }
}

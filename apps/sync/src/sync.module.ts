import { ConnectionStore } from '@crossdock/connections';
import { TenantDatabase } from '@crossdock/tenancy';
import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { GoldenRecordsController } from './golden/golden-records.controller.ts';
import { Leads } from './leads/leads.ts';
import { LeadsController } from './leads/leads.controller.ts';
import { DueRequests } from './records/due-requests.ts';
import { PersonalRecords } from './records/personal-records.ts';
import { RecordMerges } from './records/record-merges.ts';
import { RecordSync } from './records/record-sync.ts';
import { ToldBatches } from './records/told-batches.ts';
import { SyncMetrics } from './records/sync-metrics.ts';
import { SettleTasks } from './records/settle.tasks.ts';
import { WaitingRecords } from './records/waiting-records.ts';
import { ScanComparison } from './runs/scan-comparison.ts';
import { RunJobs } from './runs/run-jobs.ts';
import { ScheduledRuns } from './runs/scheduled-runs.ts';
import { SettleAll } from './runs/settle-all.job.ts';
import { SyncRuns } from './runs/sync-runs.ts';
import { StandingMetrics } from './standing/standing-metrics.ts';
import { SyncEvents } from './sync.events.ts';
import { Syncs } from './syncs/syncs.ts';
import { SyncsController } from './syncs/syncs.controller.ts';
import { TroubleController } from './trouble/trouble.controller.ts';
import { Trouble } from './trouble/trouble.ts';

@Module({})
export class SyncModule {
  static forService(): DynamicModule {
    return {
      module: SyncModule,
      controllers: [SyncEvents, GoldenRecordsController, SyncsController, TroubleController, LeadsController],
      providers: [
        { provide: ConnectionStore, useFactory: (database: TenantDatabase) => new ConnectionStore(database), inject: [TenantDatabase] },
        { provide: StandingMetrics, useFactory: (registry: Registry, database: TenantDatabase) => new StandingMetrics(registry, database), inject: [Registry, TenantDatabase] },
        { provide: SyncMetrics, useFactory: (registry: Registry) => new SyncMetrics(registry), inject: [Registry] },
        DueRequests, WaitingRecords, RecordMerges, RecordSync, ToldBatches, SettleTasks, SyncRuns, ScanComparison, ScheduledRuns, RunJobs, SettleAll, Syncs, Trouble, Leads, PersonalRecords,
      ],
    };
  }
}

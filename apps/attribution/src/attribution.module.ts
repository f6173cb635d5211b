import { Module, type DynamicModule } from '@nestjs/common';
import { AttributionController } from './attribution.controller.ts';
import { AttributionEvents } from './attribution.events.ts';
import { ResultTime } from './credit/result-time.ts';
import { ResultUpkeep } from './credit/result-upkeep.ts';
import { IdentitiesController } from './identity/identities.controller.ts';
import { PersonalRecords } from './identity/personal-records.ts';
import { RatesController } from './rates/rates.controller.ts';
import { SampleReportsController } from './reports/sample-reports.controller.ts';
import { Backfill } from './settings/backfill.job.ts';
import { SettingsChanges } from './settings/settings-changes.ts';
import { SettingsController } from './settings/settings.controller.ts';
import { ToldFacts } from './told-facts.ts';
import { TouchesController } from './touches/touches.controller.ts';
import { WriteBack } from './write-back/write-back.ts';

@Module({})
export class AttributionModule {
  static forService(): DynamicModule {
    return {
      module: AttributionModule,
      controllers: [AttributionEvents, AttributionController, TouchesController, RatesController, SettingsController, IdentitiesController, SampleReportsController],
      providers: [ToldFacts, ResultTime, ResultUpkeep, Backfill, SettingsChanges, WriteBack, PersonalRecords],
    };
  }
}

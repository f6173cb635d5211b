import { Module, type DynamicModule } from '@nestjs/common';
import { AttributionController } from './attribution.controller.ts';
import { AttributionEvents } from './attribution.events.ts';
import { AttributionService } from './attribution.service.ts';

@Module({})
export class AttributionModule {
  static forService(): DynamicModule {
    return {
      module: AttributionModule,
      controllers: [AttributionEvents, AttributionController],
      providers: [AttributionService],
    };
  }
}

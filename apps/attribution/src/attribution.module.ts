import { Module, type DynamicModule } from '@nestjs/common';
import { AttributionController } from './attribution.controller.ts';
import { AttributionEvents } from './attribution.events.ts';
import { AttributionService } from './attribution.service.ts';
import { TouchesController } from './touches/touches.controller.ts';

@Module({})
export class AttributionModule {
  static forService(): DynamicModule {
    return {
      module: AttributionModule,
      controllers: [AttributionEvents, AttributionController, TouchesController],
      providers: [AttributionService],
    };
  }
}

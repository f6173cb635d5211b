import { ServiceTokensModule } from '@crossdock/service-tokens';
import { Module, type DynamicModule } from '@nestjs/common';
import type { AttributionConfig } from './attribution.config.ts';
import { AttributionController } from './attribution.controller.ts';
import { AttributionEvents } from './attribution.events.ts';
import { AttributionService } from './attribution.service.ts';

@Module({})
export class AttributionModule {
  static forService({ authIssuerUrl }: Pick<AttributionConfig, 'authIssuerUrl'>): DynamicModule {
    return {
      module: AttributionModule,
      imports: [ServiceTokensModule.forService({ name: 'attribution', issuerUrl: authIssuerUrl })],
      controllers: [AttributionEvents, AttributionController],
      providers: [AttributionService],
    };
  }
}

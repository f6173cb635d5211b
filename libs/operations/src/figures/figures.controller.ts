import { Answers } from '@crossdock/contracts';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { Controller, Get } from '@nestjs/common';
import { Registry } from 'prom-client';
import { figuresOf, serviceFiguresSchema, type ServiceFigures } from './service-figures.ts';

/** How this service stands, for operators who look at all services at once. */
@RequireOperatorScope('operations:read')
@Controller('v1/operations/figures')
export class FiguresController {
  constructor(private readonly metrics: Registry) {}

  @Get()
  @Answers(serviceFiguresSchema)
  read(): Promise<ServiceFigures> {
    return figuresOf(this.metrics);
  }
}

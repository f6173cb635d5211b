import { Answers, serviceNames, type ServiceName } from '@crossdock/contracts';
import { figuresOf, Operator, serviceFiguresSchema, type Actor, type ServiceFigures } from '@crossdock/operations';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { Controller, Get } from '@nestjs/common';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { InternalClient, isAway } from './internal-client.ts';

/** Where Grafana is reached by people; nowhere where the installation has none. */
export class Grafana {
  constructor(readonly url: string | undefined) {}
}

const figuresSchema = z.object({
  at: z.iso.datetime().describe('When it was looked.'),
  services: z.array(serviceFiguresSchema.extend({ service: z.enum(serviceNames) })).readonly(),
  unavailable: z.array(z.enum(serviceNames)).readonly().describe('Services that do not answer.'),
  grafanaUrl: z.url().exactOptional().describe('Where the dashboards are.'),
}).meta({ id: 'InstallationFigures' });
type Figures = z.infer<typeof figuresSchema>;

/** How the services stand at this moment, for operators; what was before is in Grafana. */
@Controller('v1/operators/figures')
export class InstallationFiguresController {
  constructor(private readonly internal: InternalClient, private readonly metrics: Registry, private readonly grafana: Grafana) {}

  /** What waits, since when, and what was handled, of each service, as one process of it tells. */
  @RequireOperatorScope('operations:read')
  @Get()
  @Answers(figuresSchema)
  async read(@Operator() actor: Actor): Promise<Figures> {
    const unavailable: ServiceName[] = [];
    const found = await Promise.all(serviceNames.map(async (service) => {
      const figures = await this.#figuresOf(service, actor).catch((thrown: unknown) => {
        if (!isAway(thrown)) throw thrown;
        return undefined;
      });
      if (figures === undefined) unavailable.push(service);
      return figures === undefined ? [] : [{ service, ...figures }];
    }));
    return { at: new Date().toISOString(), services: found.flat(), unavailable, ...(this.grafana.url !== undefined && { grafanaUrl: this.grafana.url }) };
  }

  async #figuresOf(service: ServiceName, actor: Actor): Promise<ServiceFigures | undefined> {
    if (service === 'gateway') return figuresOf(this.metrics);
    const { status, answer } = await this.internal.callForOperator(service, { method: 'GET', path: '/v1/operations/figures' }, actor.onBehalfOf ?? actor.client);
    return status < 400 ? serviceFiguresSchema.parse(answer) : undefined;
  }
}

import { Controller } from '@nestjs/common';
import { tenantDomainChanged, type EventOf } from '@crossdock/contracts';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { ApplicationDomains } from './application-domains.ts';

/** What sign-on hears of tenants' domains. */
@Controller()
export class TenantDomainEvents {
  constructor(private readonly domains: ApplicationDomains) {}

  @OnEvent(tenantDomainChanged)
  async onDomainChanged({ tenantid: tenantId, data }: EventOf<typeof tenantDomainChanged>, context: EventContext): Promise<void> {
    if (!await this.domains.keep(context.manager, { tenantId, ...data })) context.stale();
  }
}

import type { Vendor } from '@crossdock/contracts';
import { FeatureFlags } from '@crossdock/feature-flags';
import { ForbiddenException, Injectable } from '@nestjs/common';

/** Which vendors a tenant may connect accounts of: a connector is rolled out, and taken back, tenant by tenant. */
@Injectable()
export class ConnectableVendors {
  constructor(private readonly flags: FeatureFlags) {}

  /** @throws ForbiddenException where the tenant may not connect accounts of the vendor. */
  async require(tenantId: string, vendor: Vendor): Promise<void> {
    if (!await this.flags.isOn(`connect-${vendor}`, tenantId)) throw new ForbiddenException(`Accounts at ${vendor} cannot be connected by this tenant at present; ask whoever runs the hub.`);
  }
}

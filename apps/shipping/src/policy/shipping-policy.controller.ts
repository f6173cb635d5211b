import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { Answers } from '@crossdock/contracts';
import { keepPolicy, readPolicy, shippingPolicySchema, type ShippingPolicy } from './shipping-policy.ts';

/** What a tenant allows its shipments to cost, and how they are checked. */
@Controller('v1/shipping-policy')
export class ShippingPolicyController {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  @Get()
  @RequireScope('shipments:read')
  @Answers(shippingPolicySchema)
  async read(): Promise<ShippingPolicy> {
    return this.#database.transaction(tenantContext.require().tenantId, readPolicy);
  }

  /** Replaces the policy; it holds for labels that are bought from now on. */
  @Put()
  @RequireScope('shipments:write')
  @Answers(shippingPolicySchema)
  async replace(@Body() body: unknown): Promise<ShippingPolicy> {
    const policy = shippingPolicySchema.parse(body);
    const { tenantId } = tenantContext.require();
    await this.#database.transaction(tenantId, (manager) => keepPolicy(manager, tenantId, policy));
    return policy;
  }
}

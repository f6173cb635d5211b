import { crmVendorSchema, type ServiceName } from '@crossdock/contracts';

/** The services that work for tenants beside what they are asked. */
export const workingServices = [...crmVendorSchema.options.map((vendor) => `crm-${vendor}` as const), 'orders', 'shipping', 'attribution', 'sync'] as const satisfies readonly ServiceName[];

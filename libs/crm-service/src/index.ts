export { crmServiceConfigShape, type CrmServiceConfig } from './crm-service.config.ts';
export { CrmServiceModule, type CrmVendorDefinition, type VendorParts } from './crm-service.module.ts';
export { crmServiceSchemas } from './crm-service.schema.ts';
export { concernsVendor } from './vendor-concern.ts';

export { SandboxControl } from './control/sandbox-control.ts';
export { openIdRecords } from './openid/openid-records.ts';
export { RateWindow } from './rate-window.ts';
export { startSandbox, type Sandbox, type SandboxOptions } from './start-sandbox.ts';
export type { FaultInput } from './control/fault.schema.ts';
export type { Vendor } from './vendor-refusal.ts';
export type { Delivery } from './webhooks/webhook-delivery.ts';

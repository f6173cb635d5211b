export type { CallRecord, CallRecorder } from './call-record.ts';
export type { PrivateNetworks } from './egress-guard.ts';
export { OutboundHttp, type OutboundHttpOptions } from './outbound-http.ts';
export { VendorResponse, type CallPurpose, type VendorRequest } from './vendor-call.ts';
export type { FetchPurpose } from './vendor-fetch.ts';

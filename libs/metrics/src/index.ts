export { SampledGauges } from './sampled-gauges.ts';
export { TenantWork } from './tenant-work.ts';
export { latencyBucketsSeconds, TracedHistogram } from './traced-histogram.ts';

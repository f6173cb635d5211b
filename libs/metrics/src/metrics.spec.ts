import { describe, expect, it } from '@jest/globals';
import { trace, TraceFlags } from '@opentelemetry/api';
import { Registry, type RegistryContentType } from 'prom-client';
import { SampledGauges } from './sampled-gauges.ts';
import { TenantWork } from './tenant-work.ts';
import { TracedHistogram } from './traced-histogram.ts';

const minuteMs = 60_000;

describe('the work done for tenants', () => {
  it('names the twenty busiest of ten thousand tenants, and counts the others together', async () => {
    const registry = new Registry();
    let nowMs = 0;
    const work = new TenantWork(registry, () => nowMs);
    for (let tenant = 0; tenant < 10_000; tenant += 1) work.count(`tenant ${tenant}`, tenant % 2 === 0 ? 'task' : 'event', tenant < 20 ? 100 + tenant : 1);
    nowMs += minuteMs;
    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('crossdock_tenant_work{'));
    expect(lines).toHaveLength(22);
    expect(lines).toContain('crossdock_tenant_work{tenant="tenant 19",work="event"} 119');
    expect(lines).toContain('crossdock_tenant_work{tenant="other",work="task"} 4990');
  });

  it('is that of the last full minute', () => {
    let nowMs = 0;
    const work = new TenantWork(new Registry(), () => nowMs);
    work.count('one', 'webhook', 3);
    expect(work.busiest()).toEqual([]);
    nowMs = minuteMs;
    expect(work.busiest()).toEqual([['one', { webhook: 3, event: 0, task: 0, vendor_call: 0 }]]);
    nowMs = 2 * minuteMs;
    expect(work.busiest()).toEqual([]);
    work.count('two', 'webhook');
    nowMs = 5 * minuteMs;
    expect(work.busiest()).toEqual([]);
  });

  it('tells no more than twenty thousand tenants apart', () => {
    let nowMs = 0;
    const work = new TenantWork(new Registry(), () => nowMs);
    for (let tenant = 0; tenant < 20_005; tenant += 1) work.count(`tenant ${tenant}`, 'task');
    nowMs = minuteMs;
    expect(work.busiest().at(-1)).toEqual(['other', { webhook: 0, event: 0, task: 19_985, vendor_call: 0 }]);
  });
});

describe('a histogram', () => {
  const context = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
  const histogramOf = (registry: Registry, nowMs?: () => number): TracedHistogram<'vendor'> =>
    new TracedHistogram({ name: 'time_seconds', help: 'Time.', labelNames: ['vendor'], buckets: [1, 2], registers: [registry], ...(nowMs && { nowMs }) });
  const openMetrics = (): Registry => {
    const registry = new Registry();
    const either: Registry<RegistryContentType> = registry;
    either.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    return registry;
  };

  it('names the trace that fell into a bucket, where the trace is kept', async () => {
    const registry = openMetrics();
    const histogram = histogramOf(registry);
    histogram.observe({ vendor: 'shippo' }, 1.5, trace.wrapSpanContext(context));
    histogram.observe({ vendor: 'shippo' }, 0.5, trace.wrapSpanContext({ ...context, traceFlags: TraceFlags.NONE }));
    const text = await registry.metrics();
    expect(text).toMatch(/time_seconds_bucket\{le="2",vendor="shippo"\} 2 # \{trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"\} 1\.5 /);
    expect(text).toMatch(/time_seconds_bucket\{le="1",vendor="shippo"\} 1\n/);
  });

  it('names the trace that the time was spent in, where that was not there at the beginning', async () => {
    const registry = openMetrics();
    histogramOf(registry).startTimer({ vendor: 'shippo' })(trace.wrapSpanContext(context));
    expect(await registry.metrics()).toContain(`# {trace_id="${context.traceId}",span_id="${context.spanId}"}`);
  });

  it('names of many the first and the slowest of each tenth of a second', async () => {
    const registry = openMetrics();
    let nowMs = 0;
    const histogram = histogramOf(registry, () => nowMs);
    const named = async (value: number): Promise<boolean> => {
      histogram.observe({ vendor: 'shippo' }, value, trace.wrapSpanContext(context));
      return (await registry.metrics()).includes(`"} ${value} `);
    };
    expect([await named(0.5), await named(0.4), await named(1.7), await named(1.6)]).toEqual([true, false, true, false]);
    nowMs = 100;
    expect([await named(0.3), await named(0.2)]).toEqual([true, false]);
  });

  it('is an ordinary one in a registry that cannot name traces', async () => {
    const registry = new Registry();
    histogramOf(registry).startTimer({ vendor: 'shippo' })();
    expect(await registry.metrics()).toContain('time_seconds_count{vendor="shippo"} 1');
  });
});

describe('a look for several gauges', () => {
  it('is made once for those that are read at once, and not again while it is fresh', async () => {
    let [looks, nowMs] = [0, 0];
    const gauges = new SampledGauges(async () => void (looks += 1), { freshMs: 1_000, now: () => nowMs });
    await Promise.all([gauges.sample(), gauges.sample()]);
    await gauges.sample();
    expect(looks).toBe(1);
    nowMs = 1_000;
    await gauges.sample();
    expect(looks).toBe(2);
  });

  it('is made again after one that failed', async () => {
    let looks = 0;
    const gauges = new SampledGauges(async () => {
      looks += 1;
      throw new Error('away');
    }, { freshMs: 1_000, now: () => 0 });
    await gauges.sample();
    await gauges.sample();
    expect(looks).toBe(2);
  });
});

import type { Registry } from 'prom-client';
import { z } from 'zod';

/** How a service stands, as the process that answers has it in its metrics; what counts rows is the same in every replica. */
export const serviceFiguresSchema = z.object({
  eventsHandled: z.number().describe('Events that this process has handled since it started: two looks give a rate.'),
  outbox: z.object({ events: z.number(), oldestSeconds: z.number() }).describe('Events that wait to be published.'),
  lag: z.object({ messages: z.number(), oldestSeconds: z.number() }).describe('Messages that this process knows of and has not handled.'),
  tasks: z.array(z.object({ state: z.string(), tasks: z.number(), oldestSeconds: z.number() })).readonly().describe('Work that is not done, by its state.'),
  deadLetters: z.number(),
  budgets: z.array(z.object({ vendor: z.string(), window: z.string(), usedRatio: z.number() })).readonly().describe('How much of a vendor’s limit the account nearest to it has used, from 0 to 1, by calls of this process.'),
}).meta({ id: 'ServiceFigures' });
export type ServiceFigures = z.infer<typeof serviceFiguresSchema>;

interface Sample {
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
}

/** Reads them out of the metrics, whose names stand in docs/metrics.md. */
export async function figuresOf(metrics: Registry): Promise<ServiceFigures> {
  const read = async (name: string): Promise<readonly Sample[]> => (await metrics.getSingleMetric(name)?.get())?.values ?? [];
  const [handled, outboxRows, outboxAge, lagMessages, lagSeconds, tasks, taskAges, letters, budgets] = await Promise.all([
    'crossdock_event_handled_total', 'crossdock_outbox_rows', 'crossdock_outbox_oldest_age_seconds', 'crossdock_consumer_lag_messages', 'crossdock_consumer_lag_seconds',
    'crossdock_tasks', 'crossdock_task_oldest_age_seconds', 'crossdock_dead_letters', 'crossdock_vendor_budget_used_ratio',
  ].map(read));
  const states = Map.groupBy(tasks ?? [], ({ labels }) => String(labels['state']));
  return {
    eventsHandled: sum(handled),
    outbox: { events: sum(outboxRows), oldestSeconds: largest(outboxAge) },
    lag: { messages: sum(lagMessages), oldestSeconds: largest(lagSeconds) },
    tasks: [...states].map(([state, samples]) => ({ state, tasks: sum(samples), oldestSeconds: largest(taskAges?.filter(({ labels }) => labels['state'] === state)) })),
    deadLetters: sum(letters),
    budgets: (budgets ?? []).map(({ labels, value }) => ({ vendor: String(labels['vendor']), window: String(labels['window']), usedRatio: value })),
  };
}

function sum(samples: readonly Sample[] | undefined): number {
  return (samples ?? []).reduce((total, { value }) => total + value, 0);
}

function largest(samples: readonly Sample[] | undefined): number {
  return Math.max(0, ...(samples ?? []).map(({ value }) => value));
}

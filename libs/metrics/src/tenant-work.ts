import { Gauge, type Registry } from 'prom-client';

const namedTenants = 20;
/** Tenants that are told apart within a minute; whoever comes later counts among the others. */
const mostTenants = 20_000;
const windowMs = 60_000;
const works = ['webhook', 'event', 'task', 'vendor_call'] as const;
/** What is done for tenants and counted. */
export type Work = (typeof works)[number];

type Counts = Record<Work, number>;

/** What was counted within one window. */
class Window {
  readonly number: number;
  readonly tenants = new Map<string, Counts>();
  readonly beyond = noWork();

  constructor(number: number) {
    this.number = number;
  }

  countsOf(tenantId: string): Counts {
    const known = this.tenants.get(tenantId);
    if (known) return known;
    if (this.tenants.size >= mostTenants) return this.beyond;
    const counts = noWork();
    this.tenants.set(tenantId, counts);
    return counts;
  }
}

/**
 * The one metric that names tenants: what a process did for the busiest of them in the last full minute, all others as
 * `other`, so that the number of its series is the same for ten tenants and for ten thousand.
 */
export class TenantWork {
  static readonly #ofRegistries = new WeakMap<Registry, TenantWork>();
  readonly #now: () => number;
  #current: Window;
  #full: Window;

  constructor(registry: Registry, now: () => number = Date.now) {
    this.#now = now;
    const number = Math.floor(now() / windowMs);
    [this.#current, this.#full] = [new Window(number), new Window(number - 1)];
    const busiest = (): ReturnType<TenantWork['busiest']> => this.busiest();
    new Gauge({
      name: 'crossdock_tenant_work',
      help: 'Webhooks, events, tasks and vendor calls handled in the last full minute for each of the 20 tenants with most of them; all others together are `other`.',
      labelNames: ['tenant', 'work'], registers: [registry],
      collect() {
        this.reset();
        for (const [tenant, counts] of busiest()) for (const work of works) if (counts[work] > 0) this.set({ tenant, work }, counts[work]);
      },
    });
  }

  /** The one of a registry, so that the libraries of a service count in one place. */
  static of(registry: Registry): TenantWork {
    const known = TenantWork.#ofRegistries.get(registry);
    if (known) return known;
    const made = new TenantWork(registry);
    TenantWork.#ofRegistries.set(registry, made);
    return made;
  }

  count(tenantId: string, work: Work, times = 1): void {
    this.#turn();
    this.#current.countsOf(tenantId)[work] += times;
  }

  /** The busiest tenants of the last full minute and `other`, which is there where there are more. */
  busiest(): Array<[tenant: string, Counts]> {
    this.#turn();
    const sorted = [...this.#full.tenants].sort(([, one], [, another]) => sum(another) - sum(one));
    const others = [this.#full.beyond, ...sorted.slice(namedTenants).map(([, counts]) => counts)].filter((counts) => sum(counts) > 0);
    const named = sorted.slice(0, namedTenants);
    if (others.length === 0) return named;
    const other = noWork();
    for (const counts of others) for (const work of works) other[work] += counts[work];
    return [...named, ['other', other]];
  }

  #turn(): void {
    const number = Math.floor(this.#now() / windowMs);
    if (number === this.#current.number) return;
    this.#full = this.#current.number === number - 1 ? this.#current : new Window(number - 1);
    this.#current = new Window(number);
  }
}

function noWork(): Counts {
  return { webhook: 0, event: 0, task: 0, vendor_call: 0 };
}

function sum(counts: Counts): number {
  return counts.webhook + counts.event + counts.task + counts.vendor_call;
}

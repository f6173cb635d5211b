import { randomUUID } from 'node:crypto';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import { routeConsole } from '../../apps/gateway/src/console/console-routes.ts';

const jobCount = 4;
const tickMs = 5;

interface JobState {
  readonly id: string;
  done: number;
}

/** The console as the gateway serves it, before an interface that answers at once and tells of four jobs as fast as it is asked to: what is measured is the page alone. */
export class ConsoleStandIn {
  /** How many events were sent. */
  told = 0;
  readonly #jobs: readonly JobState[] = Array.from({ length: jobCount }, () => ({ id: randomUUID(), done: 0 }));
  readonly #watchers = new Map<string, FastifyReply>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(private readonly server: FastifyInstance) {}

  static async start(): Promise<ConsoleStandIn> {
    const server = fastify({ forceCloseConnections: true });
    const standIn = new ConsoleStandIn(server);
    routeConsole(server);
    server.post('/sign-on/token', () => ({ access_token: 'token', token_type: 'Bearer', expires_in: 300 }));
    server.get('/v1/caller', () => ({ kind: 'user', id: 'user/1', scopes: ['connections:read', 'jobs:write', 'syncs:read'], tenant: { id: randomUUID(), name: 'Tea' } }));
    server.get('/v1/jobs', () => ({ items: standIn.#jobs.map(viewJob), unavailable: [] }));
    server.get<{ Params: { id: string } }>('/v1/jobs/:service/:id/events', (request, reply) => standIn.#watch(request.params.id, reply));
    server.get('/v1/*', () => ({ items: [] }));
    await server.listen({ host: '127.0.0.1', port: 0 });
    return standIn;
  }

  get origin(): string {
    return this.server.listeningOrigin;
  }

  /** How many jobs are watched. */
  get watched(): number {
    return this.#watchers.size;
  }

  /** What the jobs have done together. */
  get done(): number {
    return this.#jobs.reduce((sum, { done }) => sum + done, 0);
  }

  /** Tells so many states a second, of one job after the other; none for 0. */
  tell(perSecond: number): void {
    clearInterval(this.#timer);
    if (perSecond === 0) return;
    const [sinceMs, before] = [performance.now(), this.told];
    this.#timer = setInterval(() => {
      const due = before + Math.floor((performance.now() - sinceMs) / 1_000 * perSecond);
      while (this.told < due) this.#tellNext();
    }, tickMs);
  }

  async stop(): Promise<void> {
    this.tell(0);
    for (const reply of this.#watchers.values()) reply.raw.end();
    await this.server.close();
  }

  #watch(id: string, reply: FastifyReply): void {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    reply.raw.flushHeaders();
    this.#watchers.set(id, reply);
    reply.raw.on('close', () => this.#watchers.delete(id));
  }

  #tellNext(): void {
    const job = this.#jobs[this.told % jobCount];
    this.told += 1;
    if (!job) return;
    job.done += 1;
    this.#watchers.get(job.id)?.raw.write(`id: ${job.done}\ndata: ${JSON.stringify(viewJob(job))}\n\n`);
  }
}

function viewJob({ id, done }: JobState): object {
  const now = new Date().toISOString();
  return {
    id, service: 'crm-hubspot', kind: 'hubspot.set_up', state: 'running', about: {}, acts: ['cancel'], done, total: 1_000_000, failed: 0, progress: done / 1_000_000, step: 'Reading contacts',
    isCancelRequested: false, createdAt: now, startedAt: now, updatedAt: now,
  };
}

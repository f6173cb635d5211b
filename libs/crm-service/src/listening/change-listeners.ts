import { BackgroundLoop, type RoundResult } from '@crossdock/background-loop';
import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import { asFailure, Failure } from '@crossdock/contracts';
import type { ChangeStream, HeardChanges, RecordConnector } from '@crossdock/crm-connector';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { v4 as uuid } from 'uuid';
import { CRM_CONNECTOR } from '../connector-task.ts';
import { TouchedRecords } from '../records/touched-records.ts';
import {
  claimListeners, endListening, movePlace, releaseListener, renewListeners, type ChangeListener, type ListeningEnd,
} from './change-listener.repository.ts';

/** A third of a lease at most goes by between two renewals. */
const roundMs = 1_000;
/** Accounts that one process listens to; what it takes in one round is small, so that several processes share them. */
const mostListeners = 500;
const mostClaims = 10;
const longestPauseMs = 10 * 60_000;
/** An account that must be connected again begins to be listened to when that is done; this is for what nobody says. */
const restMs = 5 * 60_000;

/**
 * Listens to the change streams of accounts, to each from one process over all replicas. What is heard and the place behind it are
 * committed together, and only by the process that holds the account: nothing is lost or left out when one dies.
 */
@Injectable()
export class ChangeListeners implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #holder = uuid();
  readonly #stop = new AbortController();
  readonly #running = new Map<string, { readonly abort: AbortController; readonly end: Promise<void> }>();
  readonly #loop: BackgroundLoop;

  constructor(
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly touched: TouchedRecords,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#loop = new BackgroundLoop({
      round: () => this.#round(),
      onFault: async (error) => this.logger.warn({ err: error }, 'the accounts that are listened to could not be looked up; trying again'),
      idleMs: roundMs,
      faultPauseMs: roundMs,
    });
  }

  onApplicationBootstrap(): void {
    if (this.connector.stream) this.#loop.start();
  }

  /** Gives every account free, to be listened to elsewhere at once. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#loop.stop();
    for (const { abort } of this.#running.values()) abort.abort();
    await Promise.all([...this.#running.values()].map(({ end }) => end));
  }

  async #round(): Promise<RoundResult> {
    const { stream } = this.connector;
    if (!stream || this.#stop.signal.aborted) return 'idle';
    const { held, claimed } = await this.database.systemTransaction(async (manager) => ({
      held: this.#running.size > 0 ? await renewListeners(manager, this.#holder) : new Set<string>(),
      claimed: await claimListeners(manager, this.#holder, Math.min(mostClaims, mostListeners - this.#running.size)),
    }));
    for (const [connectionId, { abort }] of this.#running) if (!held.has(connectionId)) abort.abort();
    for (const listener of claimed) {
      const abort = new AbortController();
      const scope = { tenantId: listener.tenantId, correlationId: uuid() };
      const end = tenantContext.run(scope, () => this.#listen(stream, listener, abort.signal))
        .catch((error: unknown) => this.logger.warn({ err: error, connectionId: listener.connectionId }, 'an account could not be given free; its lease runs out'))
        .finally(() => {
          if (this.#running.get(listener.connectionId)?.abort === abort) this.#running.delete(listener.connectionId);
        });
      this.#running.set(listener.connectionId, { abort, end });
    }
    return 'idle';
  }

  async #listen(stream: ChangeStream, listener: ChangeListener, signal: AbortSignal): Promise<void> {
    const connection = await this.connections.find(listener.tenantId, listener.connectionId);
    if (!connection || connection.state === 'disconnected') return this.database.transaction(listener.tenantId, (manager) => endListening(manager, listener));
    const end = connection.state === 'needs_reconnect' ? { pauseMs: restMs } : await this.#hear(stream, { connection, listener }, signal);
    await this.database.transaction(listener.tenantId, (manager) => releaseListener(manager, listener, this.#holder, end));
  }

  async #hear(stream: ChangeStream, { connection, listener }: { connection: Connection; listener: ChangeListener }, signal: AbortSignal): Promise<ListeningEnd> {
    this.logger.info({ connectionId: connection.id }, 'listening to the changes of an account');
    try {
      await stream.listen(connection, listener.place ?? undefined, (heard) => this.#keep(listener, heard), signal);
      return { pauseMs: 0 };
    } catch (thrown) {
      if (signal.aborted) return { pauseMs: 0 };
      const failure = asFailure(thrown);
      if (failure.kind === 'cursor_expired') return { pauseMs: 0, forgetsPlace: true };
      if (failure.kind === 'unauthorised') await this.health.observe(connection, failure);
      this.logger.warn({ connectionId: connection.id, err: failure }, 'the changes of an account cannot be listened to; they are asked for meanwhile');
      return { pauseMs: failure.retryAfterMs ?? Math.min(longestPauseMs, roundMs * 2 ** listener.failures), problem: failure.message };
    }
  }

  async #keep(listener: ChangeListener, { touched, isIncomplete, place }: HeardChanges): Promise<void> {
    await this.database.transaction(listener.tenantId, async (manager) => {
      if (!await movePlace(manager, listener, this.#holder, place)) throw new Failure('conflict', `Another process listens to connection ${listener.connectionId}.`);
      await this.touched.read(manager, listener.connectionId, touched);
      if (isIncomplete) await this.touched.pollNow(manager, listener.connectionId);
    });
  }
}

import { randomBytes } from 'node:crypto';
import { keepCapabilities, type Connection, type Connections, type VendorAuthorisation } from '@crossdock/connections';
import type { ChangeStream, CrmConnector } from '@crossdock/crm-connector';
import { asFailure } from '@crossdock/contracts';
import type { TaskQueue } from '@crossdock/task-queue';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { beginListening, endListening } from '../listening/change-listener.repository.ts';
import { findSetUp, keepMissing, keepSubscription, type AccountSetUp } from './account-set-up.repository.ts';

/** What is done for an account, in this order. Each step may be done again: what is there already is left as it is. */
export const preparationSteps = ['capabilities', 'fields', 'change_notices', 'health'] as const;
export type PreparationStep = (typeof preparationSteps)[number];

/** Writes what a step came to, in the transaction that notes that it is done. */
export type StepEffect = (manager: EntityManager) => Promise<void>;

export interface PreparationParts {
  readonly database: TenantDatabase;
  readonly connections: Connections;
  readonly connector: CrmConnector;
  readonly authorisation: VendorAuthorisation;
  readonly queue: TaskQueue;
  /** The gateway's address for the vendors. Where it is not given, no account is asked to tell of changes. */
  readonly publicUrl: string | undefined;
  /** The line that the vendor keeps open instead of sending webhooks, where it has one. */
  readonly stream: ChangeStream | undefined;
}

/** Under which field the vault keeps what a webhook of the connection is believed by. */
const webhookSecretField = 'webhook_secret';
const nothing: StepEffect = async () => undefined;

/** Prepares one account, step by step, as far as it allows. */
export class AccountPreparation {
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  /** @throws Failure where the vendor gave no answer, or a person has to reconnect the account. */
  async run(step: PreparationStep, connection: Connection, signal: AbortSignal): Promise<StepEffect> {
    switch (step) {
      case 'capabilities': return this.#probeCapabilities(connection, signal);
      case 'fields': return this.#makeFields(connection, signal);
      case 'change_notices': return this.#subscribe(connection, signal);
      case 'health': return this.#probeHealth(connection, signal);
    }
  }

  async #probeCapabilities(connection: Connection, signal: AbortSignal): Promise<StepEffect> {
    const report = await this.#parts.connector.probeCapabilities(connection, signal);
    return (manager) => keepCapabilities(manager, connection.id, report);
  }

  /** What only a person may make is kept as a sentence; the other steps go on without it. */
  async #makeFields(connection: Connection, signal: AbortSignal): Promise<StepEffect> {
    const seen = (await this.#setUpOf(connection))?.capabilities;
    if (seen?.mode === 'none' || seen?.mode === 'read_only') return (manager) => keepMissing(manager, connection.id, null);
    try {
      await this.#parts.connector.setUp(connection, signal);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.kind !== 'forbidden') throw failure;
      return (manager) => keepMissing(manager, connection.id, failure.message);
    }
    // What was missing may be what has just been made.
    const report = seen?.capabilities.every(({ available }) => available) === true ? undefined : await this.#parts.connector.probeCapabilities(connection, signal);
    return async (manager) => {
      await keepMissing(manager, connection.id, null);
      if (report) await keepCapabilities(manager, connection.id, report);
    };
  }

  async #subscribe(connection: Connection, signal: AbortSignal): Promise<StepEffect> {
    const { connector, publicUrl, stream } = this.#parts;
    const mode = (await this.#setUpOf(connection))?.capabilities?.mode;
    if (stream && mode !== 'none') return this.#prepareStream(stream, connection, signal);
    if (connector.subscribe === undefined || publicUrl === undefined || mode === 'none') return nothing;
    const url = new URL(`/webhooks/${connection.vendor}/${connection.id}`, publicUrl).href;
    const subscription = await connector.subscribe(connection, { url, secret: await this.#webhookSecret(connection) }, signal);
    return (manager) => keepSubscription(manager, connection.id, subscription);
  }

  async #prepareStream(stream: ChangeStream, connection: Connection, signal: AbortSignal): Promise<StepEffect> {
    const subscription = await stream.prepare(connection, signal);
    const key = { tenantId: connection.tenantId, connectionId: connection.id };
    return async (manager) => {
      await keepSubscription(manager, connection.id, subscription);
      await (subscription.kind === 'stream' ? beginListening(manager, key) : endListening(manager, key));
    };
  }

  /** The vendor must serve the connection before it is called healthy; then what rested for it goes on. */
  async #probeHealth(connection: Connection, signal: AbortSignal): Promise<StepEffect> {
    const { connections, queue } = this.#parts;
    const setUp = await this.#setUpOf(connection);
    // A closed interface answers no probe either; that is known by now.
    if (setUp?.capabilities?.mode !== 'none') await this.#callOnce(connection, signal);
    const reason = shortcomingOf(setUp);
    return async (manager) => {
      const current = await connections.store.findWithin(manager, connection.id);
      if (current?.state === 'needs_reconnect' || current?.state === 'disconnected') return;
      if (reason === undefined) await connections.health.move(manager, connection, 'healthy');
      else await connections.health.move(manager, connection, 'degraded', { code: 'account_limited', message: reason });
      await queue.resumeParked(manager, connection.id);
    };
  }

  /** A token that has ended early is renewed once, as at any other call. */
  async #callOnce(connection: Connection, signal: AbortSignal): Promise<void> {
    const { authorisation, connections: { tokens } } = this.#parts;
    const token = await tokens.get(connection);
    try {
      await authorisation.probe(connection, { access_token: token }, signal);
    } catch (thrown) {
      if (asFailure(thrown).kind !== 'unauthorised') throw thrown;
      await authorisation.probe(connection, { access_token: await tokens.refreshAfter401(connection, token) }, signal);
    }
  }

  #setUpOf({ tenantId, id }: Connection): Promise<AccountSetUp | undefined> {
    return this.#parts.database.transaction(tenantId, (manager) => findSetUp(manager, id));
  }

  /** Made once and kept before the vendor hears of it, so that a repeat tells it the same. */
  #webhookSecret(connection: Connection): Promise<string> {
    const { database, connections: { vault } } = this.#parts;
    return database.transaction(connection.tenantId, async (manager) => {
      const kept = await vault.findAndLock(manager, connection, webhookSecretField);
      if (kept) return kept.secret;
      const secret = randomBytes(24).toString('base64url');
      await vault.put(manager, connection, webhookSecretField, secret);
      return secret;
    });
  }
}

/** Why an account that answers does not do all that it should, for its administrator. */
function shortcomingOf(setUp: AccountSetUp | undefined): string | undefined {
  const { mode, capabilities = [] } = setUp?.capabilities ?? {};
  if (mode === 'none' || mode === 'read_only') return capabilities.find(({ available }) => !available)?.consequence;
  return setUp?.missing ?? undefined;
}

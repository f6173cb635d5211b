import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { sendAuthorised } from '@crossdock/crm-connector';
import type { VendorResponse } from '@crossdock/outbound-http';
import type { VendorLimits } from '@crossdock/rate-budgets';
import { z } from 'zod';
import type { SalesforceApiOptions } from '../salesforce.api.ts';
import { salesforceFailure } from '../salesforce.errors.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import { salesforceEndpointOf } from '../salesforce.session.ts';
import { bayeuxMessageSchema, hasForgottenClient, refusesSession, streamingFailure, type BayeuxMessage } from './bayeux.ts';

/** Streaming counts no calls: it has limits of its own, of events and of clients, which only its answers tell of. */
const uncounted: VendorLimits = { limitsFor: () => [] };

/**
 * One client of an organisation's Streaming API: Bayeux over long polling, one request at a time. jsforce's own client is not used:
 * it hides that a subscription was refused, and has a way out of its own.
 * Source: https://developer.salesforce.com/docs/platform/api-streaming/guide/using-streaming-api-client-connection.html
 */
export class CometdSession {
  readonly #options: SalesforceApiOptions;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  readonly #cookies = new Map<string, string>();
  #clientId: string | undefined;

  constructor(options: SalesforceApiOptions, connection: Connection, signal: AbortSignal) {
    this.#options = options;
    this.#connection = connection;
    this.#signal = signal;
  }

  /** @throws Failure where Salesforce lets nobody in. */
  async handshake(): Promise<void> {
    const operation = 'stream.handshake';
    const { answer } = await this.#ask(operation, '/meta/handshake', {
      version: '1.0', minimumVersion: '1.0', supportedConnectionTypes: ['long-polling'], ext: { replay: true },
    });
    if (answer.successful !== true || answer.clientId === undefined) throw streamingFailure(operation, answer);
    this.#clientId = answer.clientId;
  }

  /** @param replayFrom the last event that was heard, or -1 for new ones only. @throws Failure `cursor_expired` where it is too old. */
  async subscribe(subscription: string, replayFrom: number): Promise<void> {
    const operation = 'stream.subscribe';
    const { answer } = await this.#ask(operation, '/meta/subscribe', { subscription, ext: { replay: { [subscription]: replayFrom } } });
    if (answer.successful !== true) throw streamingFailure(operation, answer);
  }

  /** Waits for events, two minutes at most. @returns them, and whether Salesforce has forgotten the client. */
  async connect(): Promise<{ readonly events: BayeuxMessage[]; readonly isForgotten: boolean; readonly pauseMs: number }> {
    const operation = 'stream.connect';
    const { answer, events } = await this.#ask(operation, '/meta/connect', { connectionType: 'long-polling' });
    const isForgotten = hasForgottenClient(answer);
    if (answer.successful !== true && !isForgotten) throw streamingFailure(operation, answer);
    return { events, isForgotten, pauseMs: answer.advice?.interval ?? 0 };
  }

  /** @returns the answer to a message, and the events that came with it. */
  async #ask(operation: string, channel: string, message: object): Promise<{ readonly answer: BayeuxMessage; readonly events: BayeuxMessage[] }> {
    const answers = await this.#send(operation, { channel, ...message });
    const answer = answers.find((each) => each.channel === channel);
    if (!answer) throw new Failure('unexpected', `Salesforce's answer to ${operation} is not as documented.`);
    return { answer, events: answers.filter((each) => !each.channel.startsWith('/meta/')) };
  }

  /** A refusal is a message; its HTTP status tells nothing more, and what is no list of messages is told by the status. */
  async #send(operation: string, message: object): Promise<BayeuxMessage[]> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await sendAuthorised(this.#options, { connection: this.#connection, operation, signal: this.#signal }, {
      method: 'POST', url: `${salesforceEndpointOf(this.#connection)}/cometd/${salesforceLimits.apiVersion}`,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...(cookie !== '' && { cookie }) },
      body: JSON.stringify([{ ...message, ...(this.#clientId !== undefined && { clientId: this.#clientId }) }]),
      timeoutMs: salesforceLimits.streamTimeoutMs, idempotent: false, limits: uncounted,
      refusesToken: (answer) => answer.status === 401 || readMessages(answer)?.some(refusesSession) === true,
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(set) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
    const answers = readMessages(response);
    if (answers) return answers;
    if (response.status >= 200 && response.status <= 299) throw new Failure('unexpected', `Salesforce's answer to ${operation} is not as documented.`);
    throw salesforceFailure({ operation, status: response.status, body: response.text() });
  }
}

function readMessages(response: VendorResponse): BayeuxMessage[] | undefined {
  const parsed = z.array(bayeuxMessageSchema).safeParse(response.json());
  return parsed.success ? parsed.data : undefined;
}

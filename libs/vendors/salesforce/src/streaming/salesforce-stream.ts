import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { ChangeStream, ChangeSubscription, HeardChanges } from '@crossdock/crm-connector';
import { z } from 'zod';
import type { SalesforceApiOptions } from '../salesforce.api.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import { sessionOf, type SalesforceSession } from '../salesforce.session.ts';
import { changeEventChannel, followedTypes, heardIn } from './change-events.ts';
import { CometdSession } from './cometd-session.ts';

const membersSchema = z.object({ records: z.array(z.object({ EventChannel: z.string(), SelectedEntity: z.string() })) });

/** Only new events. Those before were told by the change events of earlier, or are asked for. */
const fromNowOn = -1;

/**
 * Change Data Capture over the Streaming API. Events are kept for 72 hours and told again from the last one that was heard.
 * Sources: https://developer.salesforce.com/docs/platform/change-data-capture/guide/cdc-subscribe-channels.html,
 * https://developer.salesforce.com/docs/platform/api-streaming/guide/using-streaming-api-durability.html
 */
export class SalesforceStream implements ChangeStream {
  readonly #options: SalesforceApiOptions;

  constructor(options: SalesforceApiOptions) {
    this.#options = options;
  }

  /** Selects the types that are followed, of the five that an organisation may select without an add-on, where the user may. */
  async prepare(connection: Connection, signal: AbortSignal): Promise<ChangeSubscription> {
    const session = sessionOf(this.#options, connection, signal);
    try {
      const selected = await selectedTypes(session);
      for (const type of followedTypes.filter((each) => !selected.has(each))) await selectType(session, type);
      return { kind: 'stream' };
    } catch (thrown) {
      if (!(thrown instanceof Failure) || !isRefusal(thrown)) throw thrown;
      return { kind: 'none', reason: `Salesforce does not let Crossdock select records for Change Data Capture. Changes are asked for at intervals until an administrator selects ${followedTypes.join(', ')} there and the account is set up again.` };
    }
  }

  async listen(connection: Connection, place: string | undefined, hear: (heard: HeardChanges) => Promise<void>, signal: AbortSignal): Promise<void> {
    const session = new CometdSession(this.#options, connection, signal);
    await session.handshake();
    await session.subscribe(changeEventChannel, place === undefined ? fromNowOn : Number(place));
    if (place === undefined) await hear({ touched: [], isIncomplete: true });
    for (;;) {
      const { events, isForgotten, pauseMs } = await session.connect();
      if (events.length > 0) await hear(heardIn(events, connection));
      if (isForgotten) return;
      if (pauseMs > 0) await wait(Math.min(pauseMs, salesforceLimits.longestStreamPauseMs), undefined, { signal });
    }
  }
}

async function selectedTypes(session: SalesforceSession): Promise<Set<string>> {
  const q = new URLSearchParams({ q: 'SELECT EventChannel, SelectedEntity FROM PlatformEventChannelMember' }).toString();
  const { records } = (await session.request('changeEvents.selected', { method: 'GET', path: `tooling/query?${q}` })).read(membersSchema, 'Salesforce’s answer to changeEvents.selected');
  return new Set(records.filter(({ EventChannel }) => EventChannel === 'ChangeEvents').map(({ SelectedEntity }) => SelectedEntity.replace(/ChangeEvent$/, '')));
}

async function selectType(session: SalesforceSession, type: string): Promise<void> {
  const selectedEntity = `${type}ChangeEvent`;
  try {
    await session.request('changeEvents.select', {
      method: 'POST', path: 'tooling/sobjects/PlatformEventChannelMember', isIdempotent: false,
      body: { FullName: `ChangeEvents_${selectedEntity}`, Metadata: { eventChannel: 'ChangeEvents', selectedEntity } },
    });
  } catch (thrown) {
    // Somebody else has selected it in the meantime.
    if (!(thrown instanceof Failure) || thrown.kind !== 'conflict') throw thrown;
  }
}

function isRefusal({ kind }: Failure): boolean {
  return kind === 'forbidden' || kind === 'not_found' || kind === 'invalid';
}

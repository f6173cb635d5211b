import { eventKey, type Envelope } from '@crossdock/contracts';
import { smallintArray, textArray, uuidArray } from './binary-array.ts';
import { shardOf } from './outbox-shard.ts';

/** What goes into the outbox for envelopes: parameters for `fromOutboxParameters`, and the shards they fall into. */
export interface OutboxParameters {
  readonly parameters: readonly Buffer[];
  readonly shards: ReadonlySet<number>;
}

export const outboxColumns = 'tenant_id, shard, topic, key, payload';

/** The rows of `outboxParameters` whose first stands at `$first`, as `event`, with the event's id and place beside the outbox's columns. */
export function fromOutboxParameters(first: number): string {
  const types = ['uuid', 'uuid', 'smallint', 'text', 'text', 'text'];
  const arrays = types.map((type, index) => `$${first + index}::${type}[]`).join(', ');
  return `unnest(${arrays}) WITH ORDINALITY AS event (event_id, tenant_id, shard, topic, key, payload, place)`;
}

/** The columns of `event` in the order of `outboxColumns`. */
export const eventColumns = 'event.tenant_id, event.shard, event.topic, event.key, event.payload';

export function outboxParameters(envelopes: readonly Envelope[]): OutboxParameters {
  const keys = envelopes.map(eventKey);
  const shards = keys.map(shardOf);
  return {
    parameters: [
      uuidArray(envelopes.map(({ id }) => id)),
      uuidArray(envelopes.map(({ tenantid }) => tenantid)),
      smallintArray(shards),
      textArray(envelopes.map(({ type }) => type)),
      textArray(keys),
      textArray(envelopes.map((envelope) => JSON.stringify(envelope))),
    ],
    shards: new Set(shards),
  };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Books } from './books.ts';

const READ_DEADLINE_MS = 20_000;

const uuid = /^[0-9a-f-]{36}$/;

/**
 * Says of each event where it was last seen: in an outbox, in which topic at which offset, in an inbox, as a task, as a
 * dead letter. A record that goes to a CRM is found among the tasks by its key.
 */
export async function whereabouts(books: Books, ids: readonly string[]): Promise<Map<string, string>> {
  const seen = new Map(ids.map((id) => [id, [] as string[]]));
  const eventIds = ids.filter((id) => uuid.test(id));
  const note = (id: string | null, where: string): void => void seen.get(id ?? '')?.push(where);
  for (const schema of books.plan.schemas) {
    for (const { id } of await books.query<{ id: string }>(`SELECT payload::jsonb ->> 'id' AS id FROM ${schema}.outbox`)) note(id, `outbox of ${schema}`);
    for (const row of await books.query<{ id: string; consumer: string }>(`SELECT event_id AS id, consumer FROM ${schema}.inbox WHERE event_id = ANY($1)`, [eventIds])) {
      note(row.id, `inbox of ${row.consumer}`);
    }
    for (const row of await books.query<{ id: string | null; key: string | null; state: string; kind: string }>(
      `SELECT causation_id AS id, payload #>> '{record,externalKey}' AS key, state, kind FROM ${schema}.task`)) {
      for (const id of [row.id, row.key]) note(id, `${row.state} task ${row.kind} of ${schema}`);
    }
    for (const row of await books.query<{ id: string | null; reason: string }>(
      `SELECT substring(encode(body, 'escape') FROM '"id":"([0-9a-f-]{36})"') AS id, reason FROM ${schema}.dead_letter`)) note(row.id, `dead letter of ${schema} (${row.reason})`);
  }
  for (const [id, offset] of await findInTopics(books, new Set(eventIds))) note(id, offset);
  return new Map([...seen].map(([id, places]) => [id, places.length === 0 ? 'nowhere' : places.join(', ')]));
}

/** Reads all topics from their beginning to their present end. */
async function findInTopics(books: Books, ids: ReadonlySet<string>): Promise<Array<readonly [string, string]>> {
  const kafka = books.kafka();
  const topics = [...new Set(Object.values(books.plan.groups).flat())];
  const admin = kafka.admin();
  const ends = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high) - 1);
    }
  }
  await admin.disconnect();
  const found: Array<readonly [string, string]> = [];
  const consumer = kafka.consumer({ groupId: `whereabouts-${randomUUID()}` });
  const allRead = new AbortController();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      const { id } = JSON.parse(message.value?.toString() ?? '{}') as { id: string };
      if (ids.has(id)) found.push([id, `${topic} ${partition}@${message.offset}`]);
      if (Number(message.offset) >= (ends.get(`${topic}/${partition}`) ?? 0)) ends.delete(`${topic}/${partition}`);
      if (ends.size === 0) allRead.abort();
    },
  });
  await pause(READ_DEADLINE_MS, undefined, { signal: allRead.signal }).catch(() => undefined);
  await consumer.disconnect();
  return found;
}

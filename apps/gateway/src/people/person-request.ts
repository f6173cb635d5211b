import { eventCatalogue, parsePhoneNumber, personRequestKinds, serviceNames, storedTimeSchema, timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** Who is meant: by any of these. */
export const wantedPersonSchema = z.strictObject({
  email: z.email().max(320).optional(),
  phone: z.string().max(64).refine((phone) => parsePhoneNumber(phone) !== undefined, 'must be a phone number in international form').optional()
    .describe('In international form. It counts only where no e-mail address of somebody else stands beside it.'),
  contact: z.strictObject({ connectionId: z.uuid(), externalId: z.string().min(1).max(255) }).optional().describe('A contact of a connected account.'),
}).refine((person) => Object.keys(person).length > 0, 'must say who is meant: email, phone or contact');
export type WantedPerson = z.infer<typeof wantedPersonSchema>;

export type PersonRequestKind = (typeof personRequestKinds)[number];

export const requestRowSchema = z.object({
  id: z.uuid(), kind: z.enum(personRequestKinds), state: z.enum(['running', 'done', 'unfinished']), round: z.int(), requestedBy: z.string(),
  createdAt: storedTimeSchema, endedAt: storedTimeSchema.nullable(), fileExpiresAt: storedTimeSchema.nullable(),
}).meta({ id: 'ListedPersonRequest' });
export type RequestRow = z.infer<typeof requestRowSchema>;

const foundSchema = z.array(z.object({ table: z.string(), rows: z.int() }));
export const answerRowSchema = z.object({ round: z.int(), service: z.enum(serviceNames), found: foundSchema, learned: z.int() });
export type AnswerRow = z.infer<typeof answerRowSchema>;

/** How far a request about one person is. It says nothing of the person. */
export const personRequestSchema = requestRowSchema.extend({
  services: z.array(z.object({ service: z.enum(serviceNames), found: foundSchema })).readonly().describe('What each service handed over or erased, all rounds together.'),
  missing: z.array(z.enum(serviceNames)).readonly().describe('Services that have not answered this round.'),
  untouched: z.string().describe('What is not touched by it.'),
  topicsForgetBy: timestampSchema.exactOptional().describe('When Kafka has forgotten the last event that may name the person; absent while the request is under way.'),
}).meta({ id: 'PersonRequest' });
export type PersonRequestView = z.infer<typeof personRequestSchema>;

const untouched = 'What connected accounts and shops hold stays as it is: erase the person there as well, or it is read again when the record changes.';
const longestRetentionMs = Math.max(...eventCatalogue.map(({ retentionHours }) => retentionHours)) * 3_600_000;

export function viewRequest(row: RequestRow, answers: readonly AnswerRow[]): PersonRequestView {
  const services = serviceNames.map((service) => {
    const rows = new Map<string, number>();
    for (const { table, rows: count } of answers.filter((answer) => answer.service === service).flatMap(({ found }) => found)) {
      // An export hands over the same rows in each round.
      rows.set(table, row.kind === 'export' ? Math.max(rows.get(table) ?? 0, count) : (rows.get(table) ?? 0) + count);
    }
    return { service, found: [...rows].map(([table, count]) => ({ table, rows: count })) };
  });
  const answered = new Set(answers.filter(({ round }) => round === row.round).map(({ service }) => service));
  return {
    ...row, services, missing: row.state === 'done' ? [] : serviceNames.filter((service) => !answered.has(service)), untouched,
    ...(row.endedAt !== null && row.kind === 'erasure' && { topicsForgetBy: new Date(Date.parse(row.endedAt) + longestRetentionMs).toISOString() }),
  };
}

/** What follows from the answers of a round: it waits for some, another one follows at once or later, or the request ends; `quietMs` since something was found last. */
export function nextStep(kind: PersonRequestKind, round: number, answers: readonly AnswerRow[], quiet: { readonly sinceMs: number; readonly wantedMs: number }): 'wait' | 'again' | 'later' | 'done' | 'unfinished' {
  const ofRound = answers.filter((answer) => answer.round === round);
  if (ofRound.length < serviceNames.length) return 'wait';
  const isNews = ofRound.some(({ found, learned }) => learned > 0 || (kind === 'erasure' && found.length > 0));
  if (isNews) return round < mostRounds ? 'again' : 'unfinished';
  return kind === 'export' || quiet.sinceMs >= quiet.wantedMs ? 'done' : 'later';
}

const mostRounds = 20;

import { serviceNames, type ServiceName } from '@crossdock/contracts';
import { deadLetterLineSchema, type DeadLetterPage } from '@crossdock/operations';
import { HttpException } from '@nestjs/common';
import { z } from 'zod';
import { isAway } from './internal-client.ts';

/** What one service answered. */
export interface OfService<Answer> {
  readonly service: ServiceName;
  readonly answer: Answer;
}

interface Asked<Answer> {
  readonly found: ReadonlyArray<OfService<Answer>>;
  readonly unavailable: readonly ServiceName[];
}

const serviceSchema = z.enum(serviceNames);
export const unavailableSchema = z.array(serviceSchema).readonly().describe('Services that do not answer: what they hold is missing.');
export const lineOfServiceSchema = deadLetterLineSchema.extend({ service: serviceSchema }).meta({ id: 'DeadLetterLine' });
type LineOfService = z.infer<typeof lineOfServiceSchema>;

/** Asks each service. One that does not answer, or a replica of the version before that does not know the question, is named and left out. */
export async function askEach<Answer>(services: readonly ServiceName[], ask: (service: ServiceName) => Promise<Answer>): Promise<Asked<Answer>> {
  const unavailable: ServiceName[] = [];
  const found = await Promise.all(services.map(async (service) => {
    try {
      return [{ service, answer: await ask(service) }];
    } catch (thrown) {
      if (!isAway(thrown) && !isUnknownThere(thrown)) throw thrown;
      unavailable.push(service);
      return [];
    }
  }));
  return { found: found.flat(), unavailable };
}

/** The lists of several services as one, oldest first. A place in the list of one service is one in that of each other. */
export function inOneOrder(found: ReadonlyArray<OfService<DeadLetterPage>>, limit: number): { readonly items: readonly LineOfService[]; readonly nextCursor?: string } {
  const lines = found.flatMap(({ service, answer: { items } }) => items.map((line) => ({ service, ...line }))).sort((one, other) => comparePlaces(one.place, other.place)).slice(0, limit);
  const last = lines.at(-1);
  return { items: lines.map(({ place: _, ...line }) => line), ...(lines.length === limit && last && { nextCursor: last.place }) };
}

/** The sorts that several services counted, with the oldest first. */
export function sortsOf<Group extends { readonly oldestAt: string }>(found: ReadonlyArray<OfService<{ readonly groups: readonly Group[] }>>): Array<Group & { readonly service: ServiceName }> {
  return found.flatMap(({ service, answer: { groups } }) => groups.map((group) => ({ service, ...group }))).sort((one, other) => one.oldestAt.localeCompare(other.oldestAt));
}

function isUnknownThere(thrown: unknown): boolean {
  return thrown instanceof HttpException && thrown.getStatus() === 404;
}

/** By time in microseconds, then by id: as each service's list is in order. */
function comparePlaces(one: string, other: string): number {
  const [[oneAt = '', oneId = ''], [otherAt = '', otherId = '']] = [one.split('.'), other.split('.')];
  return oneAt === otherAt ? Number(oneId > otherId) - Number(oneId < otherId) : Number(oneAt) - Number(otherAt);
}

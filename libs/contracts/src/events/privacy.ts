import { z } from 'zod';
import { defineEvent, serviceNames } from '../event-definition.ts';
import { timestampSchema } from '../records/source.ts';

/** What is asked about one person: to hand over what is held of it, or to make it unreadable. */
export const personRequestKinds = ['export', 'erasure'] as const;

const roundSchema = z.object({
  requestId: z.uuid(),
  kind: z.enum(personRequestKinds),
  /** Services look again, round by round, until one finds nothing more. */
  round: z.int().positive(),
});

export const personWanted = defineEvent({
  type: 'privacy.person.wanted.v1',
  description: 'What is held of one person is to be handed over or erased: every service looks for it. Who it is stands in the schema privacy, and not here.',
  producers: ['gateway'],
  consumers: [...serviceNames],
  partitions: 1,
  schema: roundSchema,
});

export const personAnswered = defineEvent({
  type: 'privacy.person.answered.v1',
  description: 'A service has looked for one person in all that it holds: how many rows it handed over or erased.',
  producers: [...serviceNames],
  consumers: ['gateway'],
  partitions: 1,
  schema: roundSchema.extend({
    service: z.enum(serviceNames),
    /** Rows by the name of their table; tables without any are left out. */
    found: z.array(z.object({ table: z.string(), rows: z.int().positive() })),
    /** Further addresses, numbers and names of the person that the service came across. */
    learned: z.int().nonnegative(),
    answeredAt: timestampSchema,
  }),
});

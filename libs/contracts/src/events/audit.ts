import { z } from 'zod';
import { defineEvent } from '../event-definition.ts';
import { timestampSchema } from '../records/source.ts';

/** Under this id stands what operators do for the installation, as a tenant's acts stand under its own: no tenant bears it. */
export const installationId = '00000000-0000-0000-0000-000000000000';

export const actRecorded = defineEvent({
  type: 'audit.act.recorded.v1',
  description: 'Somebody asked by the interface that something be done for a tenant or the installation, or it was done or refused: an entry of its audit.',
  producers: ['gateway'],
  consumers: [],
  schema: z.object({
    /** The same for the request and for what came of it. */
    actId: z.uuid(),
    actor: z.object({
      kind: z.enum(['service', 'api_key', 'user']),
      id: z.string().min(1).max(255),
      /** An operator's name; of a tenant's people none is told. */
      name: z.string().min(1).max(255).optional(),
    }),
    /** Method and route, such as `POST /v1/syncs/:id/runs`. */
    action: z.string().min(1).max(200),
    /** The route's own ids, by name: which record. */
    record: z.record(z.string(), z.string().max(255)),
    outcome: z.enum(['asked', 'done', 'refused', 'failed']),
    /** HTTP status of the answer; absent where it was asked for only. */
    status: z.int().min(100).max(599).optional(),
    occurredAt: timestampSchema,
  }),
});

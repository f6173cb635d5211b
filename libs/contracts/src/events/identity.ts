import { z } from 'zod';
import { defineEvent } from '../event-definition.ts';
import { sessionEndReasonSchema } from '../records/identity.ts';
import { timestampSchema } from '../records/source.ts';

export const sessionEnded = defineEvent({
  type: 'identity.session.ended.v1',
  description: 'A person’s session is over: access tokens that bear its id (claim sid) are refused from now on.',
  producers: ['auth-sso'],
  consumers: ['gateway'],
  schema: z.object({
    sessionId: z.uuid(),
    personId: z.uuid(),
    reason: sessionEndReasonSchema,
    endedAt: timestampSchema,
    /** No access token of the session lives longer than this; after it the session need not be remembered. */
    tokensEndAt: timestampSchema,
  }),
});

/** What happened in sign-on and in the management of people; each is an entry of the tenant's audit. */
const identityActions = [
  'sign_on', 'sign_out', 'login_token', 'token_renewal', 'session_end', 'back_channel_logout', 'identity_link',
  'person_create', 'person_change', 'person_remove', 'group_change', 'provider_change', 'domain_change', 'scim_token_change',
] as const;

export const identityActed = defineEvent({
  type: 'identity.action.recorded.v1',
  description: 'Somebody signed on, was refused, or changed who may: an entry of the tenant’s audit, without names and addresses of people.',
  producers: ['auth-sso'],
  consumers: [],
  schema: z.object({
    action: z.enum(identityActions),
    outcome: z.enum(['done', 'refused']),
    /** Why it was refused, or what was done, in a stable code such as `expired` or `other_browser`. */
    code: z.string().regex(/^[a-z_]{1,64}$/),
    /** Who did it: a person, or a client of the interface. */
    actor: z.object({ kind: z.enum(['person', 'client', 'provider', 'unknown']), id: z.string().min(1).max(255).optional() }),
    personId: z.uuid().optional(),
    sessionId: z.uuid().optional(),
    providerId: z.uuid().optional(),
    /** Host of the application that the person came from. */
    domain: z.string().max(255).optional(),
    occurredAt: timestampSchema,
  }),
});

import { timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import type { Session } from './session.ts';

/** A session as it is shown to the person or an administrator. */
export const sessionViewSchema = z.object({
  sessionId: z.uuid(),
  device: z.string(),
  providerId: z.uuid(),
  startedAt: timestampSchema,
  lastUsedAt: timestampSchema,
  isCurrent: z.boolean().exactOptional(),
}).meta({ id: 'PersonSession' });
export type SessionView = z.infer<typeof sessionViewSchema>;

export function sessionView({ sessionId, device, providerId, startedAt, lastUsedAt }: Session): SessionView {
  return { sessionId, device, providerId, startedAt: startedAt.toISOString(), lastUsedAt: lastUsedAt.toISOString() };
}

import type { Session } from './session.ts';

/** A session as it is shown to the person or an administrator. */
export interface SessionView {
  readonly sessionId: string;
  readonly device: string;
  readonly providerId: string;
  readonly startedAt: string;
  readonly lastUsedAt: string;
  readonly isCurrent?: boolean;
}

export function sessionView({ sessionId, device, providerId, startedAt, lastUsedAt }: Session): SessionView {
  return { sessionId, device, providerId, startedAt: startedAt.toISOString(), lastUsedAt: lastUsedAt.toISOString() };
}

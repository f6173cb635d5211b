import { installationId } from '@crossdock/contracts';
import { z } from 'zod';

/** A person's sign-on. Browsers hold keys to it, one for each host that they visited. */
export interface Session {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly personId: string;
  readonly providerId: string;
  readonly providerSubject: string;
  /** The provider's own id of the session there, where it names one. */
  readonly providerSession: string | null;
  /** Which kind of browser and system began it, for the person to recognise. */
  readonly device: string;
  readonly startedAt: Date;
  readonly lastUsedAt: Date;
}

export const sessionColumns = `session_id AS "sessionId", tenant_id AS "tenantId", person_id AS "personId", provider_id AS "providerId",
  provider_subject AS "providerSubject", provider_session AS "providerSession", device, started_at AS "startedAt", last_used_at AS "lastUsedAt"`;

export const sessionRowSchema = z.object({
  sessionId: z.uuid(), tenantId: z.uuid(), personId: z.uuid(), providerId: z.uuid(), providerSubject: z.string(),
  providerSession: z.string().nullable(), device: z.string(), startedAt: z.date(), lastUsedAt: z.date(),
});

/** How long sessions last. */
export interface SessionLimits {
  /** Without use it ends after this. */
  readonly idleMs: number;
  /** It ends after this in any case. */
  readonly lifetimeMs: number;
  /** An operator's ends after this in any case. */
  readonly operatorLifetimeMs: number;
}

/** Whether a session may still be used. */
export function isLive({ tenantId, startedAt, lastUsedAt }: Pick<Session, 'tenantId' | 'startedAt' | 'lastUsedAt'>, { idleMs, lifetimeMs, operatorLifetimeMs }: SessionLimits, now: Date): boolean {
  const endsAfterMs = tenantId === installationId ? operatorLifetimeMs : lifetimeMs;
  return now.getTime() < lastUsedAt.getTime() + idleMs && now.getTime() < startedAt.getTime() + endsAfterMs;
}

const browsers = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']] as const;
const systems = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['Linux', 'Linux']] as const;

/** "Firefox on Linux", and no more of what a browser says of itself. */
export function deviceOf(userAgent: string | undefined): string {
  const find = (names: ReadonlyArray<readonly [string, string]>, other: string): string =>
    names.find(([mark]) => userAgent?.includes(mark))?.[1] ?? other;
  return `${find(browsers, 'Another browser')} on ${find(systems, 'another system')}`;
}

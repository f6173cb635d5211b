import { installationId } from '@crossdock/contracts';
import { parseScope, type AccessTokenClaims } from './access-token.ts';

/** Who calls, as far as the credential says. */
export interface Principal {
  readonly kind: 'service' | 'api_key' | 'user';
  /** As it is written down of what they do: a service's client id, `api-key/<id>`, `user/<id>`, or `operator/<id>` for a person who runs the installation. */
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** The one tenant the credential is good for; absent where it is bound to none. */
  readonly tenantId?: string;
  /** The one workspace of the tenant that the caller sees; absent where it sees all. */
  readonly workspaceId?: string;
  /** When the credential runs out, in milliseconds since 1970; a token is let in for a little longer, because clocks differ. */
  readonly expiresAtMs?: number;
  /** The session that a person's token belongs to. */
  readonly sessionId?: string;
  /** A person who runs the installation, and acts in whichever tenant they name. */
  readonly isOperator?: true;
  /** An operator's name; nobody else's is known here. */
  readonly name?: string;
}

/** A principal at a tenant's route. */
export type Caller = Principal & { readonly tenantId: string };

/** An operator's call, which is for no tenant in particular. */
export type OperatorCaller = Omit<Principal, 'tenantId'>;

/**
 * Whom an access token of ours speaks for: a person where it names a session, and a service otherwise. Somebody who signed on to the installation itself is an operator,
 * and bound to no tenant. Whose session it is, sign-on alone says: no claim of a tenant's identity provider comes into it.
 */
export function principalOf({ sub, scope, tenant, sid, exp, name }: AccessTokenClaims): Principal {
  const what = { expiresAtMs: exp * 1_000, scopes: new Set(parseScope(scope)) };
  if (sid === undefined) return { kind: 'service', clientId: sub, ...what, ...(tenant !== undefined && { tenantId: tenant.toLowerCase() }) };
  if (tenant === installationId) return { kind: 'user', clientId: `operator/${sub}`, sessionId: sid, isOperator: true, ...what, ...(name !== undefined && { name }) };
  return { kind: 'user', clientId: `user/${sub}`, sessionId: sid, ...what, ...(tenant !== undefined && { tenantId: tenant.toLowerCase() }) };
}

/** Kept beside the request, not on it, so that no body, header or plugin can set it. */
const callers = new WeakMap<object, Caller>();
const operators = new WeakMap<object, OperatorCaller>();

export function rememberCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/** The caller the guard let in; nothing on a public route. */
export function callerOf(request: object): Caller | undefined {
  return callers.get(request);
}

export function rememberOperator(request: object, operator: OperatorCaller): void {
  operators.set(request, operator);
}

/** The operator the guard let in; nothing on a route that is for tenants or for everybody. */
export function operatorOf(request: object): OperatorCaller | undefined {
  return operators.get(request);
}

/** Who calls, and for which tenant: what the guard found out about a request. */
export interface ServiceCaller {
  readonly clientId: string;
  readonly tenantId: string;
  readonly scopes: ReadonlySet<string>;
}

/** Kept beside the request, not on it, so that no body, header or plugin can set it. */
const callers = new WeakMap<object, ServiceCaller>();

export function rememberCaller(request: object, caller: ServiceCaller): void {
  callers.set(request, caller);
}

/** The caller the guard let in; nothing on a public route. */
export function callerOf(request: object): ServiceCaller | undefined {
  return callers.get(request);
}

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

/** An operator's call, which is for no tenant in particular. */
export type OperatorCaller = Omit<ServiceCaller, 'tenantId'>;

const operators = new WeakMap<object, OperatorCaller>();

export function rememberOperator(request: object, operator: OperatorCaller): void {
  operators.set(request, operator);
}

/** The operator the guard let in; nothing on a route that is for tenants or for everybody. */
export function operatorOf(request: object): OperatorCaller | undefined {
  return operators.get(request);
}

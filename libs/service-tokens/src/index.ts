export { accessRuleKey, Public, RequireCaller, RequireOperatorScope, RequireScope, type AccessRule } from './access-rule.ts';
export {
  accessTokenLifetimeSeconds, accessTokenType, anyTenantScope, clockToleranceSeconds, jwksCacheSeconds, parseScope,
  type AccessTokenClaims,
} from './access-token.ts';
export { CallerAdmission } from './caller-admission.ts';
export type { CallerDirectory, TenantStanding } from './caller-directory.ts';
export { apiKeyBeginning, CallerResolver, type IdentifiedRequest } from './caller-resolver.ts';
export { tenantHeader } from './caller-tenant.ts';
export { callerOf, operatorOf, type Caller, type OperatorCaller, type Principal } from './caller.ts';
export { clientAssertionType, signClientAssertion } from './client-assertion.ts';
export { ClientId } from './client-id.decorator.ts';
export { clientKeyFileSetting } from './client-key-file.ts';
export { CurrentCaller, CurrentOperator } from './current-caller.decorator.ts';
export {
  privateKeySchema, publicKeySchema, publicPartOf, signatureAlgorithm, type Es256PrivateKey, type Es256PublicKey,
} from './es256-key.ts';
export { issuerEndpoint, issuerPaths } from './issuer-endpoints.ts';
export { scopesOfOperatorRoles, scopesOfRoles } from './roles.ts';
/** @public */
export { operatorScopes, tenantScopes } from './scopes.ts';
export { tenantScopeNames, type OperatorScopeName, type TenantScopeName } from './scopes.ts';
export { ServiceTokenClient, type ServiceTokenClientOptions } from './service-token-client.ts';
export { ServiceTokenVerifier, type ServiceTokenVerifierOptions } from './service-token.verifier.ts';
export { ServiceTokensModule } from './service-tokens.module.ts';
export { correlationHeader, scopeOf } from './tenant.interceptor.ts';
export { clientAddressHeader, toldClientAddress } from './told-client-address.ts';
export { routesWithoutRule } from './unruled-routes.ts';
export { WithinWorkspace, workspacesHeader } from './workspace-rule.ts';

import type { Provider } from '@nestjs/common';
import { EventPublisher } from '@crossdock/event-bus';
import { OutboundHttp } from '@crossdock/outbound-http';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { IdentityAudit } from './audit/identity-audit.ts';
import type { AuthSsoConfig } from './auth-sso.config.ts';
import { SigningKeys } from './keys/signing-keys.ts';
import { PeopleRegister } from './people/people-register.ts';
import { ProviderClients } from './providers/provider-clients.ts';
import { ProviderUpkeep } from './providers/provider-upkeep.ts';
import { ProviderRepository } from './providers/provider.repository.ts';
import { ScimGroups } from './scim/scim-groups.ts';
import { ScimTokens } from './scim/scim-tokens.ts';
import { ScimUsers } from './scim/scim-users.ts';
import { BrowserSessions } from './sessions/browser-sessions.ts';
import { PersonTokens } from './sessions/person-tokens.ts';
import { SessionUpkeep } from './sessions/session-upkeep.ts';
import { Sessions } from './sessions/sessions.ts';
import { ApplicationDomains } from './sign-on/application-domains.ts';
import { ApplicationSignOn } from './sign-on/application-sign-on.ts';
import { BackChannelLogout } from './sign-on/back-channel-logout.ts';
import { ProviderDialogues } from './sign-on/provider-dialogues.ts';
import { ProviderSignOn } from './sign-on/provider-sign-on.ts';
import { SignOnHost } from './sign-on/sign-on-host.ts';
import { SignOnLimit } from './sign-on/sign-on-limit.ts';
import { TenantWork } from './tenant-work.ts';
import { UsedAssertions } from './tokens/used-assertions.ts';

/** What people's sign-on is made of. */
export function signOnProviders(config: AuthSsoConfig, now: () => Date): Provider[] {
  const { authIssuerUrl: issuerUrl, vaultKeys, outboundAllowPrivateNetworks: allowPrivateNetworks } = config;
  const signOnHost = new SignOnHost(config.signOnUrl);
  const scimUrl = `${signOnHost.origin}/scim/v2`;
  const limits = { idleMs: config.sessionIdleMinutes * 60_000, lifetimeMs: config.sessionLifetimeHours * 3_600_000, operatorLifetimeMs: config.operatorSessionMinutes * 60_000 };
  const perMinute = { address: config.signOnsPerAddressPerMinute, tenant: config.signOnsPerTenantPerMinute };
  const shared = { cookieMs: limits.lifetimeMs, now };
  return [
    { provide: SignOnHost, useValue: signOnHost },
    { provide: ProviderRepository, useValue: new ProviderRepository(vaultKeys) },
    { provide: ProviderDialogues, useValue: new ProviderDialogues(vaultKeys) },
    { provide: TenantWork, useFactory: (database: TenantDatabase) => new TenantWork(database), inject: [TenantDatabase] },
    { provide: ApplicationDomains, useFactory: (work: TenantWork) => new ApplicationDomains(work, signOnHost.origin), inject: [TenantWork] },
    {
      provide: SignOnLimit,
      useFactory: (redis: Redis) => new SignOnLimit({ redis, keyPrefix: config.topicPrefix, perMinute, now }),
      inject: [Redis],
    },
    {
      provide: SessionUpkeep,
      useFactory: (work: TenantWork, domains: ApplicationDomains, logger: Logger) =>
        new SessionUpkeep({ work, domains, limits, retentionMs: config.endedSessionRetentionDays * 86_400_000, logger, now }),
      inject: [TenantWork, ApplicationDomains, LOGGER],
    },
    {
      provide: ProviderUpkeep,
      useFactory: (work: TenantWork, providers: ProviderRepository, logger: Logger) => new ProviderUpkeep({ work, providers, logger }),
      inject: [TenantWork, ProviderRepository, LOGGER],
    },
    { provide: IdentityAudit, useFactory: (publisher: EventPublisher) => new IdentityAudit(publisher, now), inject: [EventPublisher] },
    { provide: Sessions, useFactory: (publisher: EventPublisher) => new Sessions({ publisher, limits, now }), inject: [EventPublisher] },
    { provide: PersonTokens, useFactory: (keys: SigningKeys) => new PersonTokens({ issuerUrl, keys, now }), inject: [SigningKeys] },
    { provide: PeopleRegister, useFactory: (sessions: Sessions, audit: IdentityAudit) => new PeopleRegister(sessions, audit), inject: [Sessions, IdentityAudit] },
    {
      provide: OutboundHttp,
      useFactory: (metrics: Registry, logger: Logger) => new OutboundHttp({ metrics, logger, allowPrivateNetworks }),
      inject: [Registry, LOGGER],
    },
    {
      provide: ProviderClients,
      useFactory: (http: OutboundHttp) => new ProviderClients({
        http, redirectUri: (providerId) => signOnHost.redirectUri(providerId), allowInsecure: allowPrivateNetworks !== false, now,
      }),
      inject: [OutboundHttp],
    },
    {
      provide: ApplicationSignOn,
      useFactory: (work: TenantWork, domains: ApplicationDomains, sessions: Sessions, audit: IdentityAudit, limit: SignOnLimit) =>
        new ApplicationSignOn({ ...shared, work, domains, sessions, audit, limit, signOnUrl: signOnHost.origin }),
      inject: [TenantWork, ApplicationDomains, Sessions, IdentityAudit, SignOnLimit],
    },
    {
      provide: ProviderSignOn,
      useFactory: (
        work: TenantWork, providers: ProviderRepository, clients: ProviderClients, dialogues: ProviderDialogues, sessions: Sessions, audit: IdentityAudit,
      ) => new ProviderSignOn({ ...shared, work, providers, clients, dialogues, sessions, audit, signOnHost }),
      inject: [TenantWork, ProviderRepository, ProviderClients, ProviderDialogues, Sessions, IdentityAudit],
    },
    {
      provide: BrowserSessions,
      useFactory: (work: TenantWork, domains: ApplicationDomains, sessions: Sessions, tokens: PersonTokens, audit: IdentityAudit) =>
        new BrowserSessions({ work, domains, sessions, tokens, audit }),
      inject: [TenantWork, ApplicationDomains, Sessions, PersonTokens, IdentityAudit],
    },
    { provide: ScimTokens, useFactory: (work: TenantWork) => new ScimTokens(work, now), inject: [TenantWork] },
    { provide: ScimUsers, useFactory: (register: PeopleRegister) => new ScimUsers(register, scimUrl), inject: [PeopleRegister] },
    {
      provide: ScimGroups,
      useFactory: (register: PeopleRegister, audit: IdentityAudit) => new ScimGroups({ register, audit, baseUrl: scimUrl }),
      inject: [PeopleRegister, IdentityAudit],
    },
    {
      provide: BackChannelLogout,
      useFactory: (
        work: TenantWork, providers: ProviderRepository, clients: ProviderClients, sessions: Sessions, usedAssertions: UsedAssertions, audit: IdentityAudit,
      ) => new BackChannelLogout({ work, providers, clients, sessions, usedAssertions, audit, now }),
      inject: [TenantWork, ProviderRepository, ProviderClients, Sessions, UsedAssertions, IdentityAudit],
    },
  ];
}

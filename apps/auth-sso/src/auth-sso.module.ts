import { Module, type DynamicModule } from '@nestjs/common';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import type { AuthSsoConfig } from './auth-sso.config.ts';
import { DiscoveryController, IssuerUrl } from './discovery.controller.ts';
import { IssuerUpkeep } from './issuer-upkeep.ts';
import { SigningKeysController } from './keys/signing-keys.controller.ts';
import { SigningKeys } from './keys/signing-keys.ts';
import { PeopleController } from './people/people.controller.ts';
import { PersonalRecords } from './people/personal-records.ts';
import { ProvidersController } from './providers/providers.controller.ts';
import { ScimController } from './scim/scim.controller.ts';
import { ScimTokensController } from './scim/scim-tokens.controller.ts';
import { BrowserSessionsController } from './sessions/browser-sessions.controller.ts';
import { BackChannelLogoutController } from './sign-on/back-channel-logout.controller.ts';
import { SignOnController } from './sign-on/sign-on.controller.ts';
import { TenantDomainEvents } from './sign-on/tenant-domain.events.ts';
import { signOnProviders } from './sign-on.providers.ts';
import { TokenRequestLog } from './tokens/token-request.log.ts';
import { TokenController } from './tokens/token.controller.ts';
import { TokenService } from './tokens/token.service.ts';
import { UsedAssertions } from './tokens/used-assertions.ts';

const hourMs = 3_600_000;

/** The issuer of access tokens, of services and of people, and people's sign-on. */
@Module({})
export class AuthSsoModule {
  static forConfig(config: AuthSsoConfig, now: () => Date = () => new Date()): DynamicModule {
    const { authIssuerUrl: issuerUrl, authClientsFile: clients, vaultKeys } = config;
    return {
      module: AuthSsoModule,
      controllers: [
        TokenController, DiscoveryController, SigningKeysController, SignOnController, BrowserSessionsController, BackChannelLogoutController,
        ProvidersController, PeopleController, TenantDomainEvents, ScimController, ScimTokensController,
      ],
      providers: [
        { provide: IssuerUrl, useValue: new IssuerUrl(issuerUrl) },
        {
          provide: SigningKeys,
          useFactory: (database: TenantDatabase) =>
            new SigningKeys({ database, vaultKeys, now, lifetimeMs: config.signingKeyLifetimeHours * hourMs }),
          inject: [TenantDatabase],
        },
        { provide: UsedAssertions, useFactory: (dataSource: DataSource) => new UsedAssertions(dataSource), inject: [DataSource] },
        {
          provide: TokenService,
          useFactory: (keys: SigningKeys, usedAssertions: UsedAssertions) =>
            new TokenService({ issuerUrl, clients, keys, usedAssertions, now }),
          inject: [SigningKeys, UsedAssertions],
        },
        {
          provide: TokenRequestLog,
          useFactory: (metrics: Registry, logger: Logger) => new TokenRequestLog(metrics, logger),
          inject: [Registry, LOGGER],
        },
        {
          provide: IssuerUpkeep,
          useFactory: (keys: SigningKeys, usedAssertions: UsedAssertions, logger: Logger) =>
            new IssuerUpkeep({ keys, usedAssertions, logger, now }),
          inject: [SigningKeys, UsedAssertions, LOGGER],
        },
        ...signOnProviders(config, now),
        PersonalRecords,
      ],
    };
  }
}

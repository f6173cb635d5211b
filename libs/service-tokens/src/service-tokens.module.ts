import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { ServiceName } from '@crossdock/contracts';
import { CallerResolver } from './caller-resolver.ts';
import { ServiceTokenGuard } from './service-token.guard.ts';
import { ServiceTokenVerifier } from './service-token.verifier.ts';
import { TenantInterceptor } from './tenant.interceptor.ts';

/** Puts the guard and the tenant context before every HTTP route of a service. */
@Module({})
export class ServiceTokensModule {
  static forService({ name, issuerUrl }: { readonly name: ServiceName; readonly issuerUrl: string }): DynamicModule {
    return {
      module: ServiceTokensModule,
      global: true,
      providers: [
        { provide: ServiceTokenVerifier, useFactory: () => new ServiceTokenVerifier({ issuerUrl, audience: name }) },
        { provide: CallerResolver, useFactory: (verifier: ServiceTokenVerifier) => new CallerResolver(verifier), inject: [ServiceTokenVerifier] },
        { provide: APP_GUARD, useClass: ServiceTokenGuard },
        { provide: APP_INTERCEPTOR, useClass: TenantInterceptor },
      ],
      exports: [ServiceTokenVerifier, CallerResolver],
    };
  }
}

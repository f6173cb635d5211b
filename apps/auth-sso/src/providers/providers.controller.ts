import { Body, ConflictException, Controller, Delete, Get, Headers, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, Put, UnprocessableEntityException } from '@nestjs/common';
import { onBehalfOfHeader } from '@crossdock/operations';
import { wrongAt } from '@crossdock/service-kit';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { Answers } from '@crossdock/contracts';
import { z } from 'zod';
import { actorOf, type Actor } from '../audit/actor.ts';
import { IdentityAudit } from '../audit/identity-audit.ts';
import { SignOnHost } from '../sign-on/sign-on-host.ts';
import { TenantWork } from '../tenant-work.ts';
import { identityProviderSchema, providerInputSchema, type IdentityProvider } from './identity-provider.ts';
import { ProviderAnswerRefused } from './provider-answer.ts';
import { ProviderClients } from './provider-clients.ts';
import { ProviderRepository } from './provider.repository.ts';

/** A provider as administrators see it, with the addresses that are entered at the provider. Its secret is never shown. */
const providerViewSchema = identityProviderSchema.omit({ tenantId: true }).extend({ redirectUri: z.string(), backChannelLogoutUri: z.string() }).meta({ id: 'IdentityProvider' });
type ProviderView = z.infer<typeof providerViewSchema>;

/** A tenant's identity providers, for its administrators. */
@RequireScope('identity:read')
@Controller('v1/identity/providers')
export class ProvidersController {
  constructor(
    private readonly work: TenantWork, private readonly providers: ProviderRepository, private readonly clients: ProviderClients,
    private readonly audit: IdentityAudit, private readonly signOnHost: SignOnHost,
  ) {}

  @Get()
  @Answers(z.object({ items: z.array(providerViewSchema) }))
  async list(): Promise<{ items: ProviderView[] }> {
    return { items: (await this.#run((manager) => this.providers.list(manager))).map((provider) => this.#view(provider)) };
  }

  /** Adds a provider, once it has answered under its issuer. 409 where it is there already, 422 where it does not answer as that issuer. */
  @RequireScope('identity:write')
  @Post()
  @Answers(providerViewSchema)
  async add(@Body() body: unknown, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<ProviderView> {
    const { clientSecret, ...input } = providerInputSchema.parse(body);
    if (clientSecret === undefined) throw new UnprocessableEntityException(wrongAt('/clientSecret', 'clientSecret is missing.'));
    const { tenantId } = tenantContext.require();
    await this.#check({ ...input, tenantId, providerId: crypto.randomUUID(), version: 0 }, clientSecret);
    const added = await this.#run(async (manager) => {
      const provider = await this.providers.insert(manager, tenantId, { ...input, clientSecret });
      if (provider) await this.#record(manager, provider, actorOf(client, onBehalfOf), 'added');
      return provider;
    });
    if (!added) throw new ConflictException(wrongAt('/clientId', 'This client of this issuer is there already.'));
    return this.#view(added);
  }

  /** Changes a provider, all but its issuer, by which people are linked. Without `clientSecret` the one that is there stays. */
  @RequireScope('identity:write')
  @Put(':providerId')
  @Answers(providerViewSchema)
  async change(@Param('providerId', ParseUUIDPipe) providerId: string, @Body() body: unknown, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<ProviderView> {
    const input = providerInputSchema.parse(body);
    const { tenantId } = tenantContext.require();
    const changed = await this.#run(async (manager) => {
      const before = await this.providers.find(manager, providerId);
      if (!before) return undefined;
      if (before.issuer !== input.issuer) throw new UnprocessableEntityException(wrongAt('/issuer', 'The issuer cannot be changed: add another provider.'));
      const provider = await this.providers.update(manager, { tenantId, providerId }, input);
      if (provider) await this.#record(manager, provider, actorOf(client, onBehalfOf), 'changed');
      return provider;
    });
    if (!changed) throw new NotFoundException(`There is no identity provider ${providerId}.`);
    return this.#view(changed);
  }

  /** Removes a provider; people's links to it go with it, their sessions stay until they end. */
  @RequireScope('identity:write')
  @Delete(':providerId')
  @HttpCode(204)
  async remove(@Param('providerId', ParseUUIDPipe) providerId: string, @ClientId() client: string, @Headers(onBehalfOfHeader) onBehalfOf: string | undefined): Promise<void> {
    const isRemoved = await this.#run(async (manager) => {
      const removed = await this.providers.remove(manager, providerId);
      if (removed) await this.#record(manager, { providerId }, actorOf(client, onBehalfOf), 'removed');
      return removed;
    });
    if (!isRemoved) throw new NotFoundException(`There is no identity provider ${providerId}.`);
  }

  async #check(provider: IdentityProvider, clientSecret: string): Promise<void> {
    await this.clients.check(provider, clientSecret).catch((thrown: unknown) => {
      if (!(thrown instanceof ProviderAnswerRefused)) throw thrown;
      throw new UnprocessableEntityException(wrongAt('/issuer', `The issuer cannot be used: ${thrown.message}`));
    });
  }

  async #record(manager: EntityManager, { providerId }: Pick<IdentityProvider, 'providerId'>, actor: Actor, code: 'added' | 'changed' | 'removed'): Promise<void> {
    await this.audit.record(manager, { action: 'provider_change', outcome: 'done', code, actor, providerId });
  }

  #view({ tenantId, ...provider }: IdentityProvider): ProviderView {
    const { providerId } = provider;
    return {
      ...provider, redirectUri: this.signOnHost.redirectUri(providerId),
      backChannelLogoutUri: `${this.signOnHost.origin}/sign-on/back-channel-logout/${tenantId}/${providerId}`,
    };
  }

  #run<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.work.run(tenantContext.require().tenantId, work);
  }
}

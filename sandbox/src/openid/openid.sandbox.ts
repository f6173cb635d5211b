import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { controlRefusal } from '../control/control-refusal.ts';
import { openIdPersonSchema, openIdRedirectsSchema, type OpenIdApplicationCreated, type OpenIdPerson } from '../control/openid-control.schema.ts';
import { read } from '../request-bodies.ts';
import type { IssuedOpenId } from './openid-issuer.ts';
import { openIdRecords } from './openid-records.ts';
import { personPage } from './person-page.ts';

const nobodyAsks = 'No application has been registered.';
const refuse = (path: string, message: string) => controlRefusal(400, message, path);

/**
 * An identity provider: a certified OpenID provider (oidc-provider) with people whom its control API gives it. It asks for no password: whoever opens its page
 * chooses a person, and signs on as them.
 */
export class OpenIdSandbox {
  /** Where it is mounted. */
  readonly prefix = '/openid';
  readonly #people = new Map<string, OpenIdPerson>();
  #records = openIdRecords();
  #issued: Promise<IssuedOpenId> | undefined;

  /** Forgets all people and applications. */
  clear(): void {
    this.#people.clear();
    this.#records = openIdRecords();
    this.#issued = undefined;
  }

  /** Everything that its discovery document names, and the page on which a person says who they are. */
  registerApi(scope: FastifyInstance): void {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => { done(null); });

    scope.get<{ Params: { uid: string }; Querystring: { login?: string } }>('/interaction/:uid', async (request, reply) => {
      const { login } = request.query;
      const issued = await this.#issued;
      if (!issued) return await reply.code(404).send(nobodyAsks);
      if (login === undefined) return await reply.type('text/html; charset=utf-8').send(personPage([...this.#people.values()]));
      const result = this.#people.has(login) ? { login: { accountId: login } } : { error: 'access_denied', error_description: `There is nobody called ${login}.` };
      return await reply.redirect(await issued.provider.interactionResult(request.raw, reply.raw, result), 303);
    });

    scope.all('/*', async (request, reply) => {
      const issued = await this.#issued;
      if (!issued) return await reply.code(404).send(nobodyAsks);
      reply.hijack();
      const { url = '/' } = request.raw;
      return await issued.answer(Object.assign(request.raw, { originalUrl: url, url: url.slice(this.prefix.length) }), reply.raw);
    });
  }

  /** The first application that is registered decides by which address all know the issuer. */
  registerControl(scope: FastifyInstance): void {
    scope.post('/applications', async (request, reply) => {
      const { redirectUris } = read(openIdRedirectsSchema, request.body ?? {}, refuse);
      const { issuer } = await (this.#issued ??= this.#issue(`${request.protocol}://${request.host}${this.prefix}`));
      const created: OpenIdApplicationCreated = {
        issuer, clientId: `application-${randomBytes(4).toString('hex')}`, clientSecret: randomBytes(24).toString('base64url'),
      };
      await this.#keepApplication(created.clientId, created.clientSecret, redirectUris);
      return await reply.code(201).send(created);
    });

    scope.put<{ Params: { clientId: string } }>('/applications/:clientId/redirect-uris', async (request, reply) => {
      const { clientId } = request.params;
      const known = await this.#records('Client').find(clientId);
      if (!known) throw controlRefusal(404, `There is no application ${clientId}.`);
      await this.#keepApplication(clientId, String(known.client_secret), read(openIdRedirectsSchema, request.body, refuse).redirectUris);
      return await reply.code(204).send();
    });

    scope.put<{ Params: { login: string } }>('/people/:login', async (request, reply) => {
      const person = read(openIdPersonSchema, request.body, refuse);
      this.#people.set(request.params.login, { ...person, login: request.params.login });
      return await reply.code(204).send();
    });
  }

  async #issue(issuer: string): Promise<IssuedOpenId> {
    // eslint-disable-next-line no-restricted-syntax -- a file beside this one; its library is loaded when it is wanted, which it is in few of the tests that start a sandbox
    const { issueOpenId } = await import('./openid-issuer.ts');
    return issueOpenId({ issuer, prefix: this.prefix, people: this.#people, records: this.#records });
  }

  async #keepApplication(clientId: string, clientSecret: string, redirectUris: string[]): Promise<void> {
    await this.#records('Client').upsert(clientId, {
      client_id: clientId, client_secret: clientSecret, redirect_uris: redirectUris, grant_types: ['authorization_code'], id_token_signed_response_alg: 'ES256',
    }, Infinity);
  }
}

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { interactionPolicy, Provider, type AdapterFactory, type Configuration } from 'oidc-provider';
import type { OpenIdPerson } from '../control/openid-control.schema.ts';

/** A provider under its address. */
export interface IssuedOpenId {
  readonly issuer: string;
  readonly provider: Provider;
  readonly answer: ReturnType<Provider['callback']>;
}

interface IssuerParts {
  readonly issuer: string;
  /** The path of the issuer's address. */
  readonly prefix: string;
  readonly people: ReadonlyMap<string, OpenIdPerson>;
  readonly records: AdapterFactory;
}

const scopes = 'openid email profile groups';

/** A provider that signs with a key of its own, and knows its applications by its records. */
export function issueOpenId(parts: IssuerParts): IssuedOpenId {
  const provider = new Provider(parts.issuer, configurationOf(parts));
  return { issuer: parts.issuer, provider, answer: provider.callback() };
}

/** A browser is not remembered: who signs on in one place may be somebody else in the next. */
function asksEachTime(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.get('login')?.checks.add(new interactionPolicy.Check('asks_each_time', 'A person says each time who they are.', 'login_required', ({ oidc: { result } }) =>
    (result?.login ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT)));
  return policy;
}

function configurationOf({ prefix, people, records }: IssuerParts): Configuration {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    adapter: records,
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    features: { devInteractions: { enabled: false } },
    interactions: { policy: asksEachTime(), url: (_context, { uid }) => `${prefix}/interaction/${uid}` },
    scopes: scopes.split(' '),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3_600, IdToken: 600, Interaction: 600, Session: 3_600 },
    pkce: { required: () => true },
    renderError: (context, { error, error_description: description }) => {
      context.type = 'text';
      context.body = `${error}: ${description ?? 'no reason is given'}`;
    },
    findAccount: (_context, login) => {
      const person = people.get(login);
      return person && { accountId: login, claims: () => ({ sub: login, name: person.name, email: person.email, email_verified: person.emailVerified, groups: person.groups }) };
    },
    loadExistingGrant: async ({ oidc: { client, session, provider } }) => {
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
      grant.addOIDCScope(scopes);
      await grant.save();
      return grant;
    },
  };
}

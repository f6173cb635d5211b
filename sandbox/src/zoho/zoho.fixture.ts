import type { ZohoOrgCreated, ZohoOrgInput } from '../control/zoho-control.schema.ts';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

export interface ZohoAnswer {
  status: number;
  /** Undefined where the answer has no body. */
  body: unknown;
}

export interface ZohoBench extends SandboxBench {
  url: string;
  /** A new organisation and a caller with its token. */
  orgWithCaller(options?: ZohoOrgInput): Promise<{
    org: ZohoOrgCreated;
    /** `path` comes after `/crm/v8/`. */
    call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<ZohoAnswer>;
  }>;
  /** A form to an accounts server, with the app's id and secret. */
  post(accountsUrl: string, org: ZohoOrgCreated, path: 'token' | 'token/revoke', form: Record<string, string>): Promise<ZohoAnswer>;
}

export async function zohoBench(): Promise<ZohoBench> {
  const bench = await startSandboxBench();
  const { control, sandboxUrl } = bench;
  return {
    ...bench,
    url: `${sandboxUrl}/zoho`,
    orgWithCaller: async (options = {}) => {
      const org = await control.createZohoOrg(options);
      return {
        org,
        call: async (method, path, body, headers = {}) => answerOf(await fetch(`${org.apiUrl}/crm/v8/${path}`, {
          method,
          headers: { authorization: `Zoho-oauthtoken ${org.accessToken}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })),
      };
    },
    post: async (accountsUrl, org, path, form) => answerOf(await fetch(`${accountsUrl}/oauth/v2/${path}`, {
      method: 'POST', body: new URLSearchParams({ client_id: org.clientId, client_secret: org.clientSecret, ...form }),
    })),
  };
}

async function answerOf(answer: Response): Promise<ZohoAnswer> {
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

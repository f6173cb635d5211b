import type { PipedriveCompanyCreated, PipedriveCompanyInput } from '../control/pipedrive-control.schema.ts';
import { recordOf, startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

export interface PipedriveAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface PipedriveCaller {
  company: PipedriveCompanyCreated;
  /** A call as the app, or with other headers. */
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<PipedriveAnswer>;
  /** The `data` of an answer that must be a success. */
  data: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
}

export interface PipedriveBench extends SandboxBench {
  url: string;
  companyWithCaller(options?: PipedriveCompanyInput): Promise<PipedriveCaller>;
}

/** A sandbox in which half an hour passes in milliseconds, and somebody who listens. */
export async function pipedriveBench(): Promise<PipedriveBench> {
  const bench = await startSandboxBench({ clockFactor: 100_000 });
  const { control, sandboxUrl } = bench;
  return {
    ...bench,
    url: `${sandboxUrl}/pipedrive`,
    companyWithCaller: async (options = {}) => {
      const company = await control.createPipedriveCompany({ searchDelayMs: 0, ...options });
      const call: PipedriveCaller['call'] = async (method, path, body, headers = { authorization: `Bearer ${company.accessToken}` }) => {
        const answer = await fetch(`${company.apiDomain}${path}`, {
          method,
          headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        return { status: answer.status, headers: answer.headers, body: recordOf(await answer.json()) };
      };
      return {
        company,
        call,
        data: async (method, path, body) => {
          const answer = await call(method, path, body);
          if (answer.body['success'] !== true) throw new Error(`${method} ${path} was refused: ${JSON.stringify(answer.body)}`);
          return recordOf(answer.body['data']);
        },
      };
    },
  };
}

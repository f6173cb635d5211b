import type { DynamicsEnvironmentCreated, DynamicsEnvironmentInput } from '../control/dynamics-control.schema.ts';
import { recordOf, startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

export interface DynamicsAnswer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

export interface DynamicsCaller {
  environment: DynamicsEnvironmentCreated;
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<DynamicsAnswer>;
}

export interface DynamicsBench extends SandboxBench {
  url: string;
  environmentWithCaller(options?: DynamicsEnvironmentInput): Promise<DynamicsCaller>;
}

/** A sandbox, and somebody who listens. */
export async function dynamicsBench(): Promise<DynamicsBench> {
  const bench = await startSandboxBench({ clockFactor: 100_000 });
  const { control, sandboxUrl } = bench;
  return {
    ...bench,
    url: `${sandboxUrl}/dynamics`,
    environmentWithCaller: async (options = {}) => {
      const environment = await control.createDynamicsEnvironment(options);
      return {
        environment,
        call: async (method, path, body, headers = {}) => {
          const answer = await fetch(path.startsWith('http') ? path : `${environment.environmentUrl}/api/data/v9.2/${path}`, {
            method,
            headers: { authorization: `Bearer ${environment.accessToken}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
            ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
          });
          const text = await answer.text();
          return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? recordOf(JSON.parse(text)) : {} };
        },
      };
    },
  };
}

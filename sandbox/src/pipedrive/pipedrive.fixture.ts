import type { PipedriveCompanyCreated, PipedriveCompanyInput } from '../control/pipedrive-control.schema.ts';
import { SandboxControl } from '../control/sandbox-control.ts';
import { startSandbox } from '../start-sandbox.ts';
import { receiveWebhooks, type WebhookReceiver } from '../webhooks/webhook-receiver.fixture.ts';

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

export interface PipedriveBench {
  url: string;
  control: SandboxControl;
  receiver: WebhookReceiver;
  companyWithCaller(options?: PipedriveCompanyInput): Promise<PipedriveCaller>;
  clean(): Promise<void>;
  stop(): Promise<void>;
}

/** A sandbox in which half an hour passes in milliseconds, and somebody who listens. */
export async function pipedriveBench(): Promise<PipedriveBench> {
  const sandbox = await startSandbox({ port: 0, clockFactor: 100_000 });
  const control = new SandboxControl(sandbox.url);
  const receiver = await receiveWebhooks();
  return {
    url: `${sandbox.url}/pipedrive`,
    control,
    receiver,
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
    clean: async () => {
      await control.reset();
      receiver.received.length = 0;
      receiver.answerWith(200);
    },
    stop: async () => {
      await sandbox.stop();
      await receiver.stop();
    },
  };
}

export function recordOf(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value ?? {}));
}

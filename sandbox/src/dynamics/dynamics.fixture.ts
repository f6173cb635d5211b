import type { DynamicsEnvironmentCreated, DynamicsEnvironmentInput } from '../control/dynamics-control.schema.ts';
import { SandboxControl } from '../control/sandbox-control.ts';
import { startSandbox } from '../start-sandbox.ts';
import { receiveWebhooks, type WebhookReceiver } from '../webhooks/webhook-receiver.fixture.ts';

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

export interface DynamicsBench {
  url: string;
  control: SandboxControl;
  receiver: WebhookReceiver;
  environmentWithCaller(options?: DynamicsEnvironmentInput): Promise<DynamicsCaller>;
  clean(): Promise<void>;
  stop(): Promise<void>;
}

/** A sandbox, and somebody who listens. */
export async function dynamicsBench(): Promise<DynamicsBench> {
  const sandbox = await startSandbox({ port: 0, clockFactor: 100_000 });
  const control = new SandboxControl(sandbox.url);
  const receiver = await receiveWebhooks();
  return {
    url: `${sandbox.url}/dynamics`,
    control,
    receiver,
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

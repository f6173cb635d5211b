import { SandboxControl } from './control/sandbox-control.ts';
import { startSandbox } from './start-sandbox.ts';
import { receiveWebhooks, type WebhookReceiver } from './webhooks/webhook-receiver.fixture.ts';

/** All stand-ins on a port of their own, and somebody who listens to what they send. */
export interface SandboxBench {
  readonly sandboxUrl: string;
  readonly control: SandboxControl;
  readonly receiver: WebhookReceiver;
  /** As after the start: no accounts, no faults, nothing received. */
  clean(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param options.clockFactor how much faster than the world's the stand-ins' time goes.
 * @param options.answer what the listener answers, an HTTP status.
 */
export async function startSandboxBench({ clockFactor = 1, answer = 200 } = {}): Promise<SandboxBench> {
  const sandbox = await startSandbox({ port: 0, clockFactor });
  const control = new SandboxControl(sandbox.url);
  const receiver = await receiveWebhooks();
  return {
    sandboxUrl: sandbox.url,
    control,
    receiver,
    clean: async () => {
      await control.reset();
      receiver.received.length = 0;
      receiver.answerWith(answer);
    },
    stop: async () => {
      await sandbox.stop();
      await receiver.stop();
    },
  };
}

/** What is an object in an answer, to look into; nothing where it is none. */
export function recordOf(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value ?? {}));
}

import { isIPv4, isIPv6 } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { buildSandboxApp } from './sandbox-app.ts';

export interface SandboxOptions {
  /** 0 takes any free port. */
  port: number;
  host?: string;
  /** Asked of every caller of the control API when set; without it the control API works on loopback only. */
  controlToken?: string;
  /** Waits between webhook attempts are divided by this; 1 is the vendors' own pace. */
  clockFactor?: number;
  logger?: FastifyBaseLogger;
}

export interface Sandbox {
  /** Where it listens, such as `http://127.0.0.1:8090`. */
  url: string;
  stop(): Promise<void>;
}

/** Starts all stand-ins in this process; rejects when the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  const app = buildSandboxApp({
    access: { token: options.controlToken ?? null, loopbackOnly: isLoopback(host) },
    clockFactor: options.clockFactor ?? 1,
    logger: options.logger ?? false,
  });
  const url = await app.listen({ port: options.port, host });
  return {
    url,
    stop: async () => {
      await app.close();
    },
  };
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  return isIPv6(host) ? host === '::1' : host === 'localhost';
}

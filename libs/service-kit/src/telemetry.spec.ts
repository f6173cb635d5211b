import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

const telemetry = new URL('./telemetry.ts', import.meta.url).href;

const addressSchema = z.object({ port: z.number() });

/** A process of its own, because telemetry must be loaded before the libraries it looks into. It serves one request to itself. */
const program = `
  const { createRequire } = await import('node:module');
  const http = createRequire(process.cwd() + '/')('node:http');
  const server = http.createServer((request, response) => response.end());
  server.listen(0, '127.0.0.1', () => {
    http.get({ port: server.address().port, path: '/webhooks/shippo?token=canary-token&code=canary-code&page=2' }, (response) => {
      response.resume().on('end', () => server.close());
    });
  });
`;

/** Two requests of an undici client, one of which is marked as outbound-http marks calls to vendors. */
const vendorProgram = `
  const { createRequire } = await import('node:module');
  const require = createRequire(process.cwd() + '/');
  const { context, createContextKey, trace } = require('@opentelemetry/api');
  const server = require('node:http').createServer((request, response) => response.end(request.headers.traceparent ?? 'none'));
  server.listen(0, '127.0.0.1', async () => {
    const ask = async (host) => (await fetch('http://' + host + ':' + server.address().port)).text();
    await trace.getTracer('test').startActiveSpan('parent', async (span) => {
      const inner = await ask('127.0.0.1');
      const vendor = await context.with(context.active().setValue(createContextKey('crossdock.vendor-call'), true), () => ask('localhost'));
      console.log('inner ' + (inner !== 'none') + ', vendor ' + vendor);
      span.end();
      server.closeAllConnections();
      server.close();
    });
  });
`;

/** A span that is sent before the process ends. */
const sendingProgram = `
  const { createRequire } = await import('node:module');
  const { trace } = createRequire(process.cwd() + '/')('@opentelemetry/api');
  trace.getTracer('test').startSpan('receive webhook').end();
  await trace.getTracerProvider().getDelegate().forceFlush();
`;

/** A request with baggage in its context, whose server says what came there. */
const baggageProgram = `
  const { createRequire } = await import('node:module');
  const require = createRequire(process.cwd() + '/');
  const { context, propagation, trace } = require('@opentelemetry/api');
  const server = require('node:http').createServer((request, response) => response.end(request.headers.baggage ?? 'no baggage'));
  server.listen(0, '127.0.0.1', async () => {
    await trace.getTracer('test').startActiveSpan('parent', async (span) => {
      const came = propagation.extract(context.active(), { baggage: 'email=canary@example.com', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
      const laden = propagation.setBaggage(came, propagation.createBaggage({ email: { value: 'canary@example.com' } }));
      console.log((propagation.getBaggage(came)?.getAllEntries() ?? []).length, await context.with(laden, async () => (await fetch('http://127.0.0.1:' + server.address().port)).text()));
      span.end();
      server.closeAllConnections();
      server.close();
    });
  });
`;

async function run(program: string, exporter: Readonly<Record<string, string>> = { OTEL_TRACES_EXPORTER: 'console' }): Promise<string> {
  const child = promisify(execFile)(
    process.execPath, ['--no-warnings', '--import', telemetry, '--input-type=module', '-'],
    { env: { PATH: process.env['PATH'], ...exporter } },
  );
  child.child.stdin?.end(program); // not as an argument: those stand in each span's resource
  return (await child).stdout;
}

describe('what goes out as traces', () => {
  it('holds no secret of the query of a call that we make', async () => {
    const stdout = await run(program);
    expect(stdout).toContain('?token=REDACTED&code=REDACTED&page=2');
    expect(stdout).not.toContain('canary');
  });

  it('names no host of a call to a vendor, and no trace header goes there', async () => {
    const stdout = await run(vendorProgram);
    expect(stdout).toContain('inner true, vendor none');
    expect(stdout).toContain("'server.address': '127.0.0.1'");
    expect(stdout).not.toContain('localhost');
  });

  it.each([['are exported', { OTEL_TRACES_EXPORTER: 'console' }], ['are not', {}]])('takes no baggage in and passes none on where traces %s', async (_which, exporter) => {
    const stdout = await run(baggageProgram, exporter);
    expect(stdout).toContain('0 no baggage');
    expect(stdout).not.toContain('canary');
  });

  it('is nothing where no exporter is configured, yet the same trace goes on in the service that is called', async () => {
    const stdout = await run(vendorProgram, {});
    expect(stdout).toBe('inner true, vendor none\n');
  });

  it.each([[{}, 'application/x-protobuf'], [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'application/json']])('goes to the collector, by the protocol that %j asks for', async (settings, type) => {
    const received: string[] = [];
    const collector = createServer((request, response) => void request.toArray().then((chunks: readonly Buffer[]) => {
      received.push(`${request.url} ${request.headers['content-type']} ${Buffer.concat(chunks).toString('latin1')}`);
      response.end();
    })).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = addressSchema.parse(collector.address());
    await run(sendingProgram, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_SERVICE_NAME: 'any-service', ...settings });
    collector.close();
    expect(received).toEqual([expect.stringMatching(new RegExp(`^/v1/traces ${type} [^]*any-service[^]*receive webhook`))]);
  });
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const telemetry = new URL('./telemetry.ts', import.meta.url).href;

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

describe('what goes out as traces', () => {
  it('holds no secret of the query of a call that we make', async () => {
    const run = promisify(execFile)(
      process.execPath, ['--no-warnings', '--import', telemetry, '--input-type=module', '-'],
      { env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'console' } },
    );
    run.child.stdin?.end(program); // not as an argument: those stand in each span's resource
    const { stdout } = await run;
    expect(stdout).toContain('?token=REDACTED&code=REDACTED&page=2');
    expect(stdout).not.toContain('canary');
  });
});

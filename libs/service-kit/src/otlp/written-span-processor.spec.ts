import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { WrittenSpanProcessor } from './written-span-processor.ts';

const largestBatch = 4;
const mostWaiting = 10;

let collector: Server;
let requests: string[];
let answer: Promise<undefined>;
let status: number;
let processor: WrittenSpanProcessor;
let provider: TracerProvider;

beforeEach(async () => {
  requests = [];
  [answer, status] = [Promise.resolve(undefined), 200];
  collector = createServer((request, response) => void request.toArray().then(async (chunks: readonly Buffer[]) => {
    requests.push(`${request.method} ${request.url} ${request.headers['content-type']} ${Buffer.concat(chunks).toString('latin1')}`);
    await answer;
    response.writeHead(status).end();
  })).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  Object.assign(process.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: String(largestBatch), OTEL_BSP_MAX_QUEUE_SIZE: String(mostWaiting), OTEL_BSP_SCHEDULE_DELAY: '3600000',
  });
  processor = new WrittenSpanProcessor();
  provider = new TracerProvider({ spanProcessors: [processor] });
});

afterEach(async () => {
  await processor.shutdown();
  collector.closeAllConnections();
  collector.close();
});

function makeSpans(count: number): void {
  for (let number = 0; number < count; number += 1) provider.getTracer('test').startSpan('receive webhook', { kind: SpanKind.SERVER }, ROOT_CONTEXT).end();
}

/** How many spans each request held. */
function sent(): number[] {
  return requests.map((request) => request.split('receive webhook').length - 1);
}

describe('the processor of written spans', () => {
  it('sends what waits when it is asked to, as OTLP over HTTP', async () => {
    makeSpans(3);
    expect(sent()).toEqual([]);
    await processor.forceFlush();
    expect(sent()).toEqual([3]);
    expect(requests[0]).toMatch(/^POST \/v1\/traces application\/x-protobuf /);
  });

  it('sends a full batch without being asked, one after the other', async () => {
    const answers = Promise.withResolvers<undefined>();
    answer = answers.promise;
    const asked = once(collector, 'request');
    makeSpans(9);
    await asked;
    expect(requests.length).toBeLessThanOrEqual(1);
    answers.resolve(undefined);
    await processor.forceFlush();
    expect(sent()).toEqual([4, 4, 1]);
  });

  it('drops what is more than may wait, and takes more again when that has been sent', async () => {
    const answers = Promise.withResolvers<undefined>();
    answer = answers.promise;
    makeSpans(15);
    answers.resolve(undefined);
    await processor.forceFlush();
    expect(sent()).toEqual([4, 4, 2]);
    makeSpans(1);
    await processor.forceFlush();
    expect(sent()).toEqual([4, 4, 2, 1]);
  });

  it('goes on after a batch that was refused', async () => {
    status = 400;
    makeSpans(4);
    await processor.forceFlush();
    status = 200;
    makeSpans(mostWaiting);
    await processor.forceFlush();
    expect(sent()).toEqual([4, 4, 4, 2]);
  });
});

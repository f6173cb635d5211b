import { createServer, type Server } from 'node:http';
import { z } from 'zod';

const attributeSchema = z.object({ key: z.string(), value: z.looseObject({ stringValue: z.string().optional(), intValue: z.union([z.string(), z.number()]).optional() }) });
const spanSchema = z.object({
  traceId: z.string(), spanId: z.string(), parentSpanId: z.string().optional(), name: z.string(), kind: z.number(),
  attributes: z.array(attributeSchema).default([]), links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
});
/** What an OTLP exporter sends as JSON; https://opentelemetry.io/docs/specs/otlp/. */
const requestSchema = z.object({
  resourceSpans: z.array(z.object({
    resource: z.object({ attributes: z.array(attributeSchema) }),
    scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
  })),
});

export type CollectedSpan = Omit<z.infer<typeof spanSchema>, 'attributes'> & { readonly service: string; readonly attributes: Readonly<Record<string, string>> };

/** Takes spans over OTLP as a collector does, and keeps them. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.#keep(requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString())));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  /** @returns OpenTelemetry's variables that lead a process here, and have it send each second. */
  async listen(): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(this.#server.address());
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '500' };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep({ resourceSpans }: z.infer<typeof requestSchema>): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = valuesOf(resource.attributes)['service.name'] ?? '';
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) this.spans.push({ ...span, service, attributes: valuesOf(span.attributes) });
    }
  }
}

function valuesOf(attributes: ReadonlyArray<z.infer<typeof attributeSchema>>): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, String(value.stringValue ?? value.intValue ?? '')]));
}

import { ProtobufTraceSerializer, type IExportTraceServiceResponse, type ISerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ProtobufWriter } from './protobuf-writer.ts';
import { writeAttributes, writeSpan } from './span-message.ts';

type Scope = ReadableSpan['instrumentationScope'];
type Resource = ReadableSpan['resource'];

/** Spans as they go out, all of one process. */
export interface SpanBatch {
  readonly count: number;
  readonly resource: Resource;
  /** OTLP's `ScopeSpans`, each with its field's number in `ResourceSpans`. */
  readonly scopeSpans: Uint8Array;
}

/** Spans that have ended, each written when it did: what it consisted of need not be kept, nor looked at twice, until they are sent. */
export class WrittenSpans {
  readonly #scopes = new Map<Scope, ProtobufWriter>();
  #count = 0;
  #resource: Resource | undefined;

  get count(): number {
    return this.#count;
  }

  add(span: ReadableSpan): void {
    writeSpan(this.#writerOf(span.instrumentationScope), 2, span);
    this.#resource = span.resource;
    this.#count += 1;
  }

  /** What was added since the last time; undefined where nothing was. */
  take(): SpanBatch | undefined {
    const [resource, count] = [this.#resource, this.#count];
    if (resource === undefined || count === 0) return undefined;
    const writer = new ProtobufWriter();
    for (const [scope, spans] of this.#scopes) {
      if (spans.length === 0) continue;
      const begin = writer.begin(2);
      writeScope(writer, 1, scope);
      writer.fields(spans.written);
      if (scope.schemaUrl) writer.string(3, scope.schemaUrl);
      writer.end(begin);
      spans.clear();
    }
    this.#count = 0;
    return { count, resource, scopeSpans: writer.written };
  }

  #writerOf(scope: Scope): ProtobufWriter {
    const known = this.#scopes.get(scope);
    if (known) return known;
    const writer = new ProtobufWriter();
    this.#scopes.set(scope, writer);
    return writer;
  }
}

/** A request of OTLP that says what process the spans of a batch are of. */
export const spanBatchSerializer: ISerializer<SpanBatch, IExportTraceServiceResponse> = {
  serializeRequest({ resource, scopeSpans }) {
    const writer = new ProtobufWriter();
    const begin = writer.begin(1);
    const resourceBegin = writer.begin(1);
    writeAttributes(writer, 1, resource.attributes);
    writer.uint32(2, 0);
    writer.end(resourceBegin);
    writer.fields(scopeSpans);
    if (resource.schemaUrl) writer.string(3, resource.schemaUrl);
    writer.end(begin);
    return writer.written;
  },
  deserializeResponse: (data) => ProtobufTraceSerializer.deserializeResponse(data),
};

function writeScope(writer: ProtobufWriter, field: number, { name, version }: Scope): void {
  const begin = writer.begin(field);
  writer.string(1, name);
  if (version) writer.string(2, version);
  writer.end(begin);
}

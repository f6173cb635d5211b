/** One server-sent event (HTML Living Standard, "Server-sent events"). */
export interface ServerSentEvent {
  /** What a client that comes back names as `Last-Event-ID`; absent while the stream has named none. */
  readonly id?: string;
  readonly data: string;
}

/**
 * Reads the events of a stream. Comments are passed over, and so is an event that breaks off with the connection: it comes whole
 * with the next one. Line ends are those that the standard allows, wherever the pieces are cut.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  let id: string | undefined;
  let data: string[] = [];
  for await (const line of readLines(body)) {
    if (line === '') {
      if (data.length > 0) yield { ...(id !== undefined && { id }), data: data.join('\n') };
      data = [];
      continue;
    }
    const { name, value } = fieldOf(line);
    if (name === 'data') data.push(value);
    if (name === 'id' && !value.includes('\0')) id = value;
  }
}

function fieldOf(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the end may be the first half of a line end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

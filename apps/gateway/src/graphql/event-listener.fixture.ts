import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

/** Listens to a subscription over a connection of its own; nothing is read before `read`. */
export class EventListener {
  /** What was read so far. */
  text = '';
  hasEnded = false;

  private constructor(private readonly response: IncomingMessage) {}

  static async open(gatewayUrl: string, bearer: string, operation: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> }): Promise<EventListener> {
    const asked = request(`${gatewayUrl}/v1/graphql`, {
      method: 'POST', agent: false, headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    }).end(JSON.stringify(operation));
    const [response] = await once(asked, 'response') as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`The gateway refused: ${response.statusCode}.`);
    return new EventListener(response);
  }

  /** Begins to read, and goes on until the end. */
  read(): this {
    this.response.setEncoding('utf8').on('data', (part: string) => (this.text += part)).on('close', () => (this.hasEnded = true)).on('error', () => (this.hasEnded = true));
    return this;
  }

  stop(): void {
    this.response.destroy();
  }
}

import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a browser got in the end, and the addresses it was led through. */
export interface Visited {
  readonly status: number;
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly hops: readonly URL[];
}

interface VisitOptions {
  readonly method?: string;
  readonly form?: Record<string, string>;
  readonly headers?: Record<string, string>;
  /** How many redirects are followed; by default all, up to twenty. */
  readonly maxHops?: number;
  /** A redirect to this path is the last of the hops, and is not followed. */
  readonly until?: string;
}

/** As much of a browser as sign-on needs: a jar of cookies for each host, redirects, and every name under localhost on this machine. */
export class TestBrowser {
  readonly jar = new Map<string, Map<string, string>>();
  /** Each browser is somewhere else, as the proxy in front says. */
  readonly address = `10.${randomBytes(3).join('.')}`;

  async visit(address: string | URL, { method = 'GET', form, headers = {}, maxHops = 20, until }: VisitOptions = {}): Promise<Visited> {
    let url = new URL(address);
    let [verb, body] = [method, form && new URLSearchParams(form).toString()];
    const hops: URL[] = [];
    for (;;) {
      const answer = await this.#send(url, verb, body, headers);
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status >= 400 || typeof location !== 'string' || hops.length >= maxHops) return { ...answer, url, hops };
      const next = new URL(location, url);
      hops.push(next);
      if (until !== undefined && next.pathname.startsWith(until)) return { ...answer, url, hops };
      url = next;
      [verb, body] = ['GET', undefined];
    }
  }

  cookie(host: string, name: string): string | undefined {
    return this.jar.get(host)?.get(name);
  }

  setCookie(host: string, name: string, value: string): void {
    const cookies = this.jar.get(host) ?? new Map<string, string>();
    this.jar.set(host, cookies.set(name, value));
  }

  async #send(url: URL, method: string, body: string | undefined, headers: Record<string, string>): Promise<Omit<Visited, 'url' | 'hops'>> {
    const cookies = [...this.jar.get(url.host) ?? []].map(([name, value]) => `${name}=${value}`).join('; ');
    const { promise, resolve, reject } = Promise.withResolvers<Omit<Visited, 'url' | 'hops'>>();
    const sent = request({
      // A connection of its own for each request: one that is kept may be closed at the moment it is used again.
      agent: false, host: '127.0.0.1', port: url.port, path: `${url.pathname}${url.search}`, method,
      headers: {
        host: url.host, 'x-forwarded-for': this.address, ...(cookies !== '' && { cookie: cookies }),
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }), ...headers,
      },
    }, (response) => {
      for (const line of response.headers['set-cookie'] ?? []) this.#keep(url.host, line);
      text(response).then((content) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
    return promise;
  }

  #keep(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const isOver = attributes.some((attribute) => /^(max-age=0|expires=Thu, 01 Jan 1970)/i.test(attribute)) || pair.slice(at + 1) === '';
    if (isOver) this.jar.get(host)?.delete(pair.slice(0, at));
    else this.setCookie(host, pair.slice(0, at), pair.slice(at + 1));
  }
}

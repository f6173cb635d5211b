import { lookup, type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, isIP, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { checkTarget, EgressRefused, egressConnector, isPublicAddress, type EgressOptions } from './egress-guard.ts';

describe('which addresses count as public', () => {
  it.each([
    '127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1',
    '169.254.169.254', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255', '203.0.113.7',
  ])('refuses the IPv4 address %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::a00:1', '2002:7f00:1::',
    '2001:0:7f00:1::', '2001:db8::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '3fff::1',
  ])('refuses the IPv6 address %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.15.255.255', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
    'accepts the public address %s', (address) => {
      expect(isPublicAddress(address)).toBe(true);
    });

  it('refuses what is no IP address at all', () => {
    expect(isPublicAddress('localhost')).toBe(false);
    expect(isPublicAddress('')).toBe(false);
  });
});

describe('what an address may look like', () => {
  it.each(['ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/', 'example.com', '', '/relative'])(
    'refuses %p', (address) => {
      expect(() => checkTarget(address, true)).toThrow(EgressRefused);
    });

  it('refuses credentials inside an address and does not repeat them', () => {
    const attempt = () => checkTarget('https://user:hunter2@example.com/', true);
    expect(attempt).toThrow(EgressRefused);
    expect(attempt).not.toThrow(/hunter2/);
  });

  it('refuses unusual ports unless private networks are open', () => {
    expect(() => checkTarget('http://example.com:6379/', false)).toThrow(/port 6379/);
    expect(checkTarget('http://example.com:6379/', true).port).toBe('6379');
    expect(checkTarget('https://example.com:443/a', false).href).toBe('https://example.com/a');
  });
});

describe('connecting', () => {
  /** Listens on loopback, tries to connect there under another name, and tells where a connection was heard of. */
  async function connectTo(hostname: string, options: Partial<EgressOptions>, times = 1): Promise<{ errors: Array<Error | null>; heard: string[] }> {
    const heard: string[] = [];
    const server = createServer((socket) => { heard.push(socket.localAddress ?? ''); socket.destroy(); }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    const connect = egressConnector({ allowPrivateNetworks: false, timeoutMs: 1_000, ...options });
    const errors: Array<Error | null> = [];
    for (let i = 0; i < times; i += 1) {
      errors.push(await new Promise<Error | null>((resolve) => {
        connect({ hostname, protocol: 'http:', port: String(address.port) }, (failed: Error | null, socket: Socket | null) => {
          if (!socket) resolve(failed);
          else socket.on('error', () => undefined).on('close', () => resolve(null)).resume();
        });
      }));
    }
    await new Promise((closed) => { server.close(closed); });
    return { errors, heard };
  }

  /** A name service that gives another answer each time; the last one stays. */
  function resolver(...answers: string[][]): { readonly resolve: typeof lookup; readonly asked: () => number } {
    let asked = 0;
    const resolve = (_hostname: string, _options: object, callback: (error: null, addresses: LookupAddress[]) => void) => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      callback(null, answer.map((address) => ({ address, family: isIP(address) })));
    };
    return { resolve: Object.assign(resolve, lookup), asked: () => asked };
  }

  const privateAddresses = [
    '127.0.0.2', '169.254.169.254', '10.0.0.1', '100.100.100.200', '::1', '::ffff:127.0.0.2', '::ffff:169.254.169.254', 'fd00:ec2::254', 'fe80::1', '64:ff9b::7f00:1',
  ];

  it.each(['127.0.0.1', 'localhost', '[::1]', '::ffff:127.0.0.1'])('to %s is refused before the port hears anything', async (hostname) => {
    expect(await connectTo(hostname, {})).toEqual({ errors: [expect.any(EgressRefused)], heard: [] });
  });

  it('to localhost works where private networks are open', async () => {
    expect(await connectTo('localhost', { allowPrivateNetworks: true })).toEqual({ errors: [null], heard: ['127.0.0.1'] });
  });

  it.each(privateAddresses)('is refused where a name that was allowed resolves to %s the next time', async (address) => {
    const names = resolver(['127.0.0.1'], [address]);
    const { errors, heard } = await connectTo('shop.example', { allowPrivateNetworks: ['127.0.0.1/32'], resolve: names.resolve }, 2);
    expect(errors).toEqual([null, expect.any(EgressRefused)]);
    expect(heard).toEqual(['127.0.0.1']);
  });

  it.each(privateAddresses)('is refused where a name has %s beside a public address', async (address) => {
    const { resolve } = resolver(['93.184.215.14', address]);
    expect(await connectTo('shop.example', { resolve })).toEqual({ errors: [expect.any(EgressRefused)], heard: [] });
  });

  it('goes to the address that was checked: the name is resolved once for each connection', async () => {
    const names = resolver(['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1'], ['127.0.0.2']);
    const { errors, heard } = await connectTo('shop.example', { allowPrivateNetworks: ['127.0.0.1/32'], resolve: names.resolve }, 4);
    expect(errors).toEqual([null, expect.any(EgressRefused), null, expect.any(EgressRefused)]);
    expect(heard).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(names.asked()).toBe(4);
  });

  it('reaches of the private networks only those on the list', async () => {
    const allowPrivateNetworks = ['127.0.0.1/32', '::1/128'];
    expect(await connectTo('127.0.0.1', { allowPrivateNetworks })).toEqual({ errors: [null], heard: ['127.0.0.1'] });
    for (const hostname of ['127.0.0.2', '10.0.0.1', '[::ffff:127.0.0.2]', '[fd00::1]']) {
      expect(await connectTo(hostname, { allowPrivateNetworks })).toEqual({ errors: [expect.any(EgressRefused)], heard: [] });
    }
  });

  it.each(['127.0.0.1', '300.0.0.0/8', 'localhost/8', '127.0.0.0/64'])('takes %s for no network', (network) => {
    expect(() => egressConnector({ allowPrivateNetworks: [network], timeoutMs: 1_000 })).toThrow(/network|prefix/);
  });
});

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { checkTarget, EgressRefused, egressConnector, isPublicAddress } from './egress-guard.ts';

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
  /** Listens on loopback and tries to connect there under another name. */
  async function connectTo(hostname: string, allowPrivateNetworks: boolean): Promise<{ error: Error | null; heard: number }> {
    let heard = 0;
    const server = createServer((socket) => { heard += 1; socket.destroy(); }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    const connect = egressConnector({ allowPrivateNetworks, timeoutMs: 1_000 });
    const error = await new Promise<Error | null>((resolve) => {
      connect({ hostname, protocol: 'http:', port: String(address.port) }, (failed: Error | null, socket: Socket | null) => {
        if (!socket) resolve(failed);
        else socket.on('error', () => undefined).on('close', () => resolve(null)).resume();
      });
    });
    await new Promise((closed) => { server.close(closed); });
    return { error, heard };
  }

  it.each(['127.0.0.1', 'localhost', '[::1]', '::ffff:127.0.0.1'])('to %s is refused before the port hears anything', async (hostname) => {
    expect(await connectTo(hostname, false)).toEqual({ error: expect.any(EgressRefused), heard: 0 });
  });

  it('to localhost works where private networks are open', async () => {
    expect(await connectTo('localhost', true)).toEqual({ error: null, heard: 1 });
  });
});

import { lookup as resolveName } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';

/** Thrown where an address is not one that the hub may call; nothing was sent. */
export class EgressRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EgressRefused';
  }
}

const allowedPorts = new Set(['', '80', '443']);

/** IPv4 ranges that are not globally reachable (IANA special-purpose registry, RFC 6890 and its updates). */
const refusedIpv4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15],
  ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) refusedIpv4.addSubnet(network, prefix, 'ipv4');

/**
 * Only global unicast may be called, less the parts of it that are special or that carry an IPv4 address inside
 * (6to4, Teredo): those, IPv4-mapped and NAT64 addresses would lead around the IPv4 list.
 */
const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');
const refusedIpv6 = new BlockList();
for (const [network, prefix] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const) {
  refusedIpv6.addSubnet(network, prefix, 'ipv6');
}

/** Whether an IP address lies on the public internet; anything that is no IP address does not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4: return !refusedIpv4.check(address, 'ipv4');
    case 6: return globalIpv6.check(address, 'ipv6') && !refusedIpv6.check(address, 'ipv6');
    default: return false;
  }
}

/**
 * Which networks may be called beside the public internet, such as `127.0.0.0/8`; `true` is every network.
 */
export type PrivateNetworks = boolean | readonly string[];

/** @throws TypeError where a network is none. */
function allowedAddresses(networks: PrivateNetworks): (address: string) => boolean {
  if (networks === true) return () => true;
  const allowed = new BlockList();
  for (const network of networks === false ? [] : networks) {
    const [address = '', prefix = ''] = network.split('/');
    const family = isIP(address);
    if (family === 0 || !/^\d{1,3}$/.test(prefix)) throw new TypeError(`${network} is no network such as 127.0.0.0/8.`);
    allowed.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => isPublicAddress(address) || (isIP(address) !== 0 && allowed.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6'));
}

/**
 * Parses an address and checks what can be seen in it.
 * @throws EgressRefused for no address at all, another scheme, credentials inside the address or, where no private
 * network is open, an unusual port.
 */
export function checkTarget(address: string, networks: PrivateNetworks): URL {
  if (!URL.canParse(address)) throw new EgressRefused('it is no absolute address');
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new EgressRefused('only http and https may be called');
  if (url.username !== '' || url.password !== '') throw new EgressRefused('an address must not hold credentials');
  const isClosed = networks === false || (networks !== true && networks.length === 0);
  if (isClosed && !allowedPorts.has(url.port)) throw new EgressRefused(`port ${url.port} is not allowed`);
  return url;
}

/** Resolves a name once and refuses it when any of its addresses may not be called, so that no retry can pick that one. */
function guardedLookup(isAllowed: (address: string) => boolean, resolve: typeof resolveName): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const first = addresses[0];
      if (!first || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(new EgressRefused('its name does not resolve to an address that may be called'), []);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

export interface EgressOptions {
  readonly allowPrivateNetworks: PrivateNetworks;
  readonly timeoutMs: number;
  /** Asks the name service; for tests. */
  readonly resolve?: typeof resolveName;
}

/**
 * Opens connections to addresses that may be called only. The check stands here, at the moment of connecting, because a
 * name that was public when it was entered may resolve to something else now (DNS rebinding): the connection goes to what
 * the one look-up gave and the check saw.
 */
export function egressConnector({ allowPrivateNetworks, timeoutMs, resolve = resolveName }: EgressOptions): buildConnector.connector {
  const isAllowed = allowedAddresses(allowPrivateNetworks);
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false, lookup: guardedLookup(isAllowed, resolve) });
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    // An IP literal is never looked up, so the lookup above would not see it.
    if (isIP(host) !== 0 && !isAllowed(host)) {
      callback(new EgressRefused('its host is not an address that may be called'), null);
      return;
    }
    connect(target, callback);
  };
}

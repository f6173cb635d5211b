import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Caller } from '@crossdock/service-tokens';
import { AdmittedCallers } from './admitted-callers.ts';

const caller: Caller = { kind: 'api_key', clientId: 'api-key/1', tenantId: '018f3f5e-7c1a-7d1e-9a55-000000000001', scopes: new Set(['records:read']) };
const headers = { authorization: 'Bearer a', host: 'hub.example.com' };

describe('callers that were let in', () => {
  it('are known for a second, and never longer than their credential lasts', () => {
    let nowMs = 0;
    const admitted = new AdmittedCallers(() => nowMs);
    admitted.keep('long', { ...caller, expiresAtMs: 600_000 });
    admitted.keep('short', { ...caller, expiresAtMs: 500 });
    admitted.keep('key', caller);
    const known = (): boolean[] => ['long', 'short', 'key'].map((key) => admitted.find(key) !== undefined);
    expect(known()).toEqual([true, true, true]);
    nowMs = 500;
    expect(known()).toEqual([true, false, true]);
    nowMs = 999;
    expect(known()).toEqual([true, false, true]);
    nowMs = 1_000;
    expect(known()).toEqual([false, false, false]);
  });

  it('are told apart by all that decides who calls and for whom, and kept by no credential', () => {
    const admitted = new AdmittedCallers();
    const others = [{ authorization: 'Bearer b' }, { host: 'tenant.example.com' }, { origin: 'https://tenant.example.com' }, { 'x-crossdock-tenant': caller.tenantId }];
    const socket = new Socket();
    const all = [headers, ...others.map((other) => ({ ...headers, ...other }))];
    const keys = all.map((each) => admitted.keyOf({ socket, headers: each }));
    expect(new Set(keys).size).toBe(keys.length);
    // In whatever order they come, by one connection or by several.
    expect(all.toReversed().map((each) => admitted.keyOf({ socket, headers: each }))).toEqual(keys.toReversed());
    expect(all.map((each) => admitted.keyOf({ socket: new Socket(), headers: each }))).toEqual(keys);
    expect(admitted.keyOf({ socket, headers: { ...headers, 'x-correlation-id': 'a', 'content-type': 'application/json' } })).toBe(keys[0]);
    expect(keys.join(' ')).not.toContain('Bearer');
  });

  it('are ten thousand at most, the latest', () => {
    const admitted = new AdmittedCallers(() => 0);
    for (let count = 0; count <= 10_000; count += 1) admitted.keep(String(count), caller);
    expect([admitted.find('0'), admitted.find('10000')]).toEqual([undefined, caller]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { postgresAccess, postgresUrlSchema, redisTls } from './server-tls.ts';
import { loadConfig, serviceConfigShape } from './service-config.ts';

const address = 'postgres://orders:word@db.example:5432/crossdock';

describe('the TLS of a server', () => {
  it('follows from its address, and looks who answers', () => {
    expect(postgresAccess(address)).toEqual({ url: address, ssl: false });
    expect(postgresAccess(`${address}?sslmode=disable`)).toEqual({ url: address, ssl: false });
    expect(postgresAccess(`${address}?sslmode=verify-full`, 'CA')).toEqual({ url: address, ssl: { ca: 'CA' } });
    expect(postgresAccess(`${address}?sslmode=verify-full`)).toEqual({ url: address, ssl: {} });
    expect([redisTls('redis://cache'), redisTls('rediss://cache'), redisTls('rediss://cache', 'CA')]).toEqual([{}, { tls: {} }, { tls: { ca: 'CA' } }]);
  });

  it('cannot be had in a way that takes any certificate', () => {
    for (const mode of ['allow', 'prefer', 'require', 'verify-ca', 'no-verify']) {
      expect(() => loadConfig(z.object({ databaseUrl: postgresUrlSchema }), { DATABASE_URL: `${address}?sslmode=${mode}` })).toThrow(/DATABASE_URL: may end in \?sslmode=verify-full/);
    }
    expect(() => loadConfig(z.object({ databaseUrl: postgresUrlSchema }), { DATABASE_URL: 'elsewhere' })).toThrow(/DATABASE_URL: is not a valid url/);
  });

  it('takes certificates only, and no password in the clear', () => {
    const { kafkaSecurityProtocol, serverCa } = serviceConfigShape;
    expect(() => loadConfig(z.object({ serverCa }), { SERVER_CA: '/etc/ca.pem' })).toThrow(/SERVER_CA: /);
    expect(() => loadConfig(z.object({ kafkaSecurityProtocol }), { KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT' })).toThrow('KAFKA_SECURITY_PROTOCOL: must be one of PLAINTEXT, SSL, SASL_SSL');
  });
});

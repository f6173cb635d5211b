import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = [];
  createLogger('orders', 'info', { write: (line) => void lines.push(line) }).info(fields, 'something happened');
  return JSON.parse(lines.join('')) as Record<string, unknown>;
}

describe('a log line', () => {
  it('has what it was given, beside level, service and message', () => {
    const fields = { vendor: 'hubspot', attempt: 2, at: new Date(0), limits: [{ name: 'day', used: 3 }], nothing: null };
    expect(logged(fields)).toMatchObject({ ...fields, at: '1970-01-01T00:00:00.000Z', level: 'info', service: 'orders', msg: 'something happened' });
  });

  it('shows no secret and nothing of a person, at whatever level it was given', () => {
    const line = logged({
      email: 'ada@example.com', contact: { phone: '+49301', id: 7 }, token: { value: 's3cret' },
      request: { url: '/orders', headers: { authorization: 'Bearer s3cret', accept: '*/*' }, body: { note: 's3cret' } },
      people: [{ email: 'ada@example.com', id: 1 }, { accounts: [{ refreshToken: 's3cret' }] }], password: undefined,
    });
    expect(line).toMatchObject({
      email: '[redacted]', contact: { phone: '[redacted]', id: 7 }, token: '[redacted]',
      request: { url: '/orders', headers: { authorization: '[redacted]', accept: '*/*' }, body: '[redacted]' },
      people: [{ email: '[redacted]', id: 1 }, { accounts: [{ refreshToken: '[redacted]' }] }],
    });
    expect(JSON.stringify(line)).not.toMatch(/s3cret|ada@|\+49301/);
  });

  it('ends where nobody looks for secrets any more', () => {
    const round: unknown[] = [1];
    round.push(round);
    expect(logged({ one: { two: { three: { four: { token: 's3cret' } } } }, round })).toMatchObject({ one: { two: { three: { four: '[too deep]' } } }, round: [1, [1, [1, '[too deep]']]] });
  });

  it('leaves what it was given as it is', () => {
    const given = { contact: { email: 'ada@example.com' } };
    logged(given);
    expect(given).toEqual({ contact: { email: 'ada@example.com' } });
  });

  it('describes an error by its words, not by what it carries', () => {
    const err = Object.assign(new Error('The call failed.'), { code: 'ECONNRESET', token: 's3cret' });
    const { err: described } = logged({ err });
    expect(described).toMatchObject({ type: 'Error', message: 'The call failed.', code: 'ECONNRESET' });
    expect(JSON.stringify(described)).not.toContain('s3cret');
  });
});

import { describe, expect, it } from '@jest/globals';
import { Failure } from '@crossdock/contracts';
import { describeError } from './logged-error.ts';

describe('what is logged of an error', () => {
  it('is its kind, its words and where it arose', () => {
    const logged = describeError(new Failure('rate_limited', 'The vendor asks to wait.', { retryAfterMs: 500 }));
    expect(logged).toMatchObject({ type: 'Failure', kind: 'rate_limited', message: 'The vendor asks to wait.', retryAfterMs: 500 });
    expect(logged?.['stack']).toMatch(/^\s+at .*logged-error\.spec/);
  });

  it('holds nothing of what a database or a client hung on it', () => {
    const refused = Object.assign(new Error('new row violates check constraint "positive"'), {
      code: '23514', table: 'order', constraint: 'positive', detail: 'Failing row contains (ada@example.com)', parameters: ['ada@example.com'],
      config: { headers: { authorization: 'Bearer ada@example.com' } }, driverError: { detail: 'ada@example.com' },
    });
    const logged = describeError(new Error('The order was not stored.', { cause: refused }));
    expect(logged).toMatchObject({ message: 'The order was not stored.', cause: { code: '23514', table: 'order', constraint: 'positive' } });
    expect(JSON.stringify(logged)).not.toContain('ada@example.com');
  });

  it.each([
    ['PostgreSQL', Object.assign(new Error('invalid input syntax for type uuid: "ada@"exam"ple.com"'), { code: '22P02' })],
    ['JSON', parseFailure('ada@example.com')],
  ])('leaves out what %s quotes of its input', (_, error) => {
    expect(describeError(error)?.message).toContain('"…"');
    expect(JSON.stringify(describeError(error))).not.toMatch(/ada@/);
  });

  it('ends where causes go round in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(describeError(error)).toMatchObject({ cause: { cause: { cause: { message: 'round' } } } });
  });

  it('holds nothing of a thrown value that is no error', () => {
    expect(describeError('ada@example.com')).toEqual({ type: 'string', message: 'something that is no error was thrown' });
  });
});

function parseFailure(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

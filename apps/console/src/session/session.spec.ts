import { describe, expect, it } from '@jest/globals';
import { Session, SignOnAway } from './session.ts';

const granted = (text: string): Response => Response.json({ access_token: text, token_type: 'Bearer', expires_in: 300 });

/** A session whose sign-on answers with these, one after the other, and a clock that the test sets. */
function sessionWith(...answers: Array<Response | Error>): { session: Session; clock: { ms: number }; asked: string[] } {
  const asked: string[] = [];
  const clock = { ms: 0 };
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    asked.push(input instanceof Request ? input.url : input.toString());
    const next = answers.shift() ?? new Response(null, { status: 500 });
    if (next instanceof Error) throw next;
    return next;
  };
  return { session: new Session({ fetch, nowMs: () => clock.ms }), clock, asked };
}

describe('the session of the console', () => {
  it('asks for one token for all who need it, and for the next a minute before the end', async () => {
    const { session, clock, asked } = sessionWith(granted('first'), granted('second'));
    expect(await Promise.all([session.token(), session.token(), session.token()])).toEqual(['first', 'first', 'first']);
    clock.ms = 239_999;
    expect(await session.token()).toBe('first');
    clock.ms = 240_000;
    expect(await session.token()).toBe('second');
    expect(asked).toEqual(['/sign-on/token', '/sign-on/token']);
  });

  it('tells somebody who was never signed on from somebody whose session has ended, and takes them back', async () => {
    const never = sessionWith(new Response(null, { status: 401 }));
    expect([await never.session.token(), never.session.state]).toEqual([undefined, 'signed_out']);

    const { session } = sessionWith(granted('one'), new Response(null, { status: 401 }), new Response(null, { status: 401 }), granted('two'));
    const states: string[] = [];
    session.subscribe(() => states.push(session.state));
    await session.token();
    for (let again = 0; again < 3; again += 1) await session.renew();
    expect(states).toEqual(['signed_on', 'ended', 'signed_on']);
  });

  it('does not take a sign-on that is away for the end of the session', async () => {
    const { session } = sessionWith(granted('one'), new TypeError('no network'), new Response(null, { status: 503 }));
    await session.token();
    await expect(session.renew()).rejects.toThrow(SignOnAway);
    await expect(session.renew()).rejects.toThrow(SignOnAway);
    expect([session.state, await session.token()]).toEqual(['signed_on', 'one']);
  });

  it('is over when the person signs out, and goes on when that was not heard', async () => {
    const { session } = sessionWith(granted('one'), new Response(null, { status: 502 }), new Response(null, { status: 200 }));
    await session.token();
    await expect(session.signOut()).rejects.toThrow(SignOnAway);
    expect(session.state).toBe('signed_on');
    await session.signOut();
    expect(session.state).toBe('signed_out');
  });
});

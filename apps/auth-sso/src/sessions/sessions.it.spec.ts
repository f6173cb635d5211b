import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { identityActed, sessionEnded, type EventData } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { tenantA } from '../clients/client.fixture.ts';
import { SignOnWorld } from '../sign-on/sign-on-world.fixture.ts';
import { TestBrowser } from '../sign-on/test-browser.fixture.ts';

const sessionCookie = '__Host-crossdock-session';
const listSchema = z.object({ items: z.array(z.object({ sessionId: z.uuid(), device: z.string(), isCurrent: z.boolean() })) });

describe('a person’s session', () => {
  let world: SignOnWorld;
  let host: string;
  let providerId: string;
  const ended = new Map<string, string>();
  const audit: Array<EventData<typeof identityActed>> = [];
  let heardText = '';

  beforeAll(async () => {
    world = await SignOnWorld.start();
    host = new URL(world.origin('app')).host;
    providerId = await world.furnish(tenantA, ['app', 'shop']);
    const consumer = world.topics.kafka.consumer({ groupId: `${world.topics.prefix}listener` });
    await consumer.connect();
    await consumer.subscribe({ topics: [sessionEnded, identityActed].map(({ type }) => `${world.topics.prefix}${type}`), fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ topic, message }) => {
        const text = message.value?.toString() ?? '';
        heardText += text;
        if (topic.endsWith(identityActed.type)) return void audit.push(z.object({ data: identityActed.schema }).parse(JSON.parse(text)).data);
        const { data } = z.object({ data: sessionEnded.schema }).parse(JSON.parse(text));
        ended.set(data.sessionId, data.reason);
      },
    });
    stopListening = () => consumer.disconnect();
  }, 120_000);
  let stopListening: () => Promise<void> = async () => undefined;
  afterEach(() => {
    world.aheadMs = 0;
  });
  afterAll(async () => {
    await stopListening();
    await world.stop();
  });

  let counter = 0;
  async function signedOn(account?: string): Promise<{ browser: TestBrowser; sessionId: string; personId: string; account: string }> {
    counter += 1;
    const name = account ?? `person-${counter}`;
    world.idp.accounts.set(name, { email: `${name}@example.com`, email_verified: true, name });
    const browser = new TestBrowser();
    await world.signOn(browser, 'app', name);
    const { token } = await world.renew(browser, 'app');
    if (!token) throw new Error('Nobody is signed on.');
    return { browser, sessionId: token.session_id, personId: decodeJwt(token.access_token).sub ?? '', account: name };
  }

  const toldAsEnded = (sessionId: string, reason: string) =>
    eventually(`the end of session ${sessionId} as ${reason}`, () => ended.get(sessionId) === reason, 60_000);

  it('gets another key with each access token, and ends for everybody when an old one is used after its successor', async () => {
    const { browser, sessionId } = await signedOn();
    const thief = new TestBrowser();
    thief.setCookie(host, sessionCookie, browser.cookie(host, sessionCookie) ?? '');
    world.aheadMs = 30_000;
    expect((await world.renew(browser, 'app')).status).toBe(200);
    world.aheadMs = 60_000;
    expect((await world.renew(browser, 'app')).status).toBe(200);
    world.aheadMs = 90_000;
    expect((await world.renew(thief, 'app')).status).toBe(401);
    expect((await world.renew(browser, 'app')).status).toBe(401);
    await toldAsEnded(sessionId, 'refresh_reused');
  });

  it('ends when the thief comes first and the person second', async () => {
    const { browser, sessionId } = await signedOn();
    const thief = new TestBrowser();
    thief.setCookie(host, sessionCookie, browser.cookie(host, sessionCookie) ?? '');
    world.aheadMs = 30_000;
    expect((await world.renew(thief, 'app')).status).toBe(200);
    world.aheadMs = 60_000;
    expect((await world.renew(browser, 'app')).status).toBe(200);
    world.aheadMs = 90_000;
    expect((await world.renew(thief, 'app')).status).toBe(401);
    await toldAsEnded(sessionId, 'refresh_reused');
  });

  it('survives many windows that renew at the same moment, and answers that were lost', async () => {
    const { browser } = await signedOn();
    world.aheadMs = 30_000;
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.renew(browser, 'app')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    world.aheadMs = 60_000;
    const kept = browser.cookie(host, sessionCookie) ?? '';
    expect((await world.renew(browser, 'app')).status).toBe(200);
    browser.setCookie(host, sessionCookie, kept);
    world.aheadMs = 90_000;
    expect((await world.renew(browser, 'app')).status).toBe(200);
    world.aheadMs = 120_000;
    expect((await world.renew(browser, 'app')).status).toBe(200);
  });

  it('leaves no key behind once it is over, and nothing after thirty days; while it lives its exchanged keys are known', async () => {
    const [over, living] = [await signedOn(), await signedOn()];
    const left = async ({ sessionId }: { readonly sessionId: string }) => {
      const [row] = await world.admin.query<Array<{ sessions: number; keys: number }>>(
        `SELECT (SELECT count(*)::int FROM session WHERE session_id = $1) AS sessions, (SELECT count(*)::int FROM session_key WHERE session_id = $1) AS keys`, [sessionId]);
      return row;
    };
    world.aheadMs = 30_000;
    for (const { browser } of [over, living]) expect((await world.renew(browser, 'app')).status).toBe(200);
    await world.expect(200, world.call('DELETE', `/v1/identity/people/${over.personId}/sessions`, { tenantId: tenantA }));
    const before = await left(living);
    await world.tidyUp();
    expect([await left(over), await left(living)]).toEqual([{ sessions: 1, keys: 0 }, before]);
    world.aheadMs = 30 * 86_400_000 + 60_000;
    await world.tidyUp();
    expect([await left(over), await left(living)]).toEqual([{ sessions: 0, keys: 0 }, { sessions: 1, keys: 0 }]);
    world.aheadMs = 31 * 86_400_000;
    await world.tidyUp();
    expect(await left(living)).toEqual({ sessions: 0, keys: 0 });
  });

  it('ends after twelve hours without use, and after a week in any case', async () => {
    const idle = await signedOn();
    world.aheadMs = 12 * 3_600_000 + 60_000;
    expect((await world.renew(idle.browser, 'app')).status).toBe(401);
    await toldAsEnded(idle.sessionId, 'expired');
    world.aheadMs = 0;
    const used = await signedOn();
    for (let hours = 10; hours < 168; hours += 10) {
      world.aheadMs = hours * 3_600_000;
      expect((await world.renew(used.browser, 'app')).status).toBe(200);
    }
    world.aheadMs = 168 * 3_600_000 + 60_000;
    expect((await world.renew(used.browser, 'app')).status).toBe(401);
  });

  it('is listed to the person with others of the same person, and each can be ended from there', async () => {
    const first = await signedOn();
    const second = await signedOn(first.account);
    const stranger = await signedOn();
    const list = await first.browser.visit(`${world.origin('app')}/sign-on/sessions`);
    const { items } = listSchema.parse(JSON.parse(list.body));
    expect(items.map(({ sessionId, isCurrent }) => [sessionId, isCurrent])).toEqual([[second.sessionId, false], [first.sessionId, true]]);
    const end = (sessionId: string, origin = world.origin('app')) =>
      first.browser.visit(`${world.origin('app')}/sign-on/sessions/${sessionId}`, { method: 'DELETE', headers: { origin } });
    expect((await end(stranger.sessionId)).status).toBe(404);
    expect((await end(second.sessionId, world.origin('shop'))).status).toBe(403);
    expect((await end(second.sessionId)).status).toBe(204);
    expect((await world.renew(second.browser, 'app')).status).toBe(401);
    expect((await world.renew(first.browser, 'app')).status).toBe(200);
    await toldAsEnded(second.sessionId, 'revoked');
  });

  it('ends at every application when the person signs out at one', async () => {
    const { browser, sessionId } = await signedOn();
    await world.goToProvider(browser, 'shop');
    const out = await browser.visit(`${world.origin('shop')}/sign-on/sign-out`, { method: 'POST', headers: { origin: world.origin('shop') } });
    expect(out.status).toBe(200);
    expect((await world.renew(browser, 'app')).status).toBe(401);
    expect((await world.goToProvider(browser, 'app')).url.pathname).toMatch(/^\/(interaction|sign-on\/arrive|welcome)/);
    await toldAsEnded(sessionId, 'signed_out');
  });

  it('takes nothing that changes something from another page (CSRF)', async () => {
    const { browser } = await signedOn();
    for (const origin of ['https://evil.example', world.origin('shop'), 'null', undefined]) {
      for (const path of ['token', 'sign-out']) {
        const { status } = await browser.visit(`${world.origin('app')}/sign-on/${path}`, { method: 'POST', headers: origin === undefined ? {} : { origin } });
        expect(status).toBe(403);
      }
    }
    expect((await world.renew(browser, 'app')).status).toBe(200);
  });

  it('is worth nothing with its key at another application or tenant', async () => {
    const { browser } = await signedOn();
    const thief = new TestBrowser();
    thief.setCookie(new URL(world.origin('shop')).host, sessionCookie, browser.cookie(host, sessionCookie) ?? '');
    expect((await world.renew(thief, 'shop')).status).toBe(401);
  });

  it('ends within seconds, with its access tokens, when an administrator removes or switches off the person', async () => {
    const [removed, switchedOff] = [await signedOn(), await signedOn()];
    await world.expect(204, world.call('DELETE', `/v1/identity/people/${removed.personId}`, { tenantId: tenantA }));
    await world.expect(200, world.call('PATCH', `/v1/identity/people/${switchedOff.personId}`, { tenantId: tenantA, body: { isActive: false } }));
    for (const { browser, sessionId } of [removed, switchedOff]) {
      expect((await world.renew(browser, 'app')).status).toBe(401);
      await toldAsEnded(sessionId, 'person_removed');
    }
    expect((await world.signOn(new TestBrowser(), 'app', switchedOff.account)).status).toBe(403);
  });

  it('is written down with every refusal around it, by ids and codes and without a word about anybody', async () => {
    const { browser, sessionId, personId, account } = await signedOn();
    const { hops } = await browser.visit(`${world.origin('shop')}/sign-on/start`, { until: '/sign-on/arrive' });
    const arrival = hops.at(-1) ?? '';
    await new TestBrowser().visit(arrival);
    await browser.visit(arrival);
    await browser.visit(arrival);
    const shop = new URL(world.origin('shop')).host;
    const codes = (): string[] => audit.filter(({ action, domain }) => action === 'login_token' && domain === shop).map(({ outcome, code }) => `${outcome} ${code}`);
    await eventually('the entries of the login token', () => ['refused other_browser', 'done redeemed', 'refused used'].every((entry) => codes().includes(entry)), 60_000);
    await eventually('the entry of the sign-on', () => audit.some((entry) => entry.action === 'sign_on' && entry.sessionId === sessionId && entry.personId === personId), 60_000);
    expect(heardText).not.toContain(account);
    for (const carried of [...browser.jar.values()].flatMap((jar) => [...jar.values()])) expect(heardText).not.toContain(carried);
  });

  describe('and its provider’s word that the person signed out there', () => {
    const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const seconds = (): number => Math.floor(Date.now() / 1_000);
    const claims = (parts: object) => ({ iss: world.idp.issuer, aud: world.idp.clientId, iat: seconds(), exp: seconds() + 120, jti: crypto.randomUUID(), events: event, ...parts });
    const tell = async (token: string): Promise<number> =>
      (await new TestBrowser().visit(`${world.origin('login')}/sign-on/back-channel-logout/${tenantA}/${providerId}`, { method: 'POST', form: { logout_token: token } })).status;

    it('end all sessions of the account', async () => {
      const first = await signedOn();
      const second = await signedOn(first.account);
      const other = await signedOn();
      const token = await world.idp.sign(claims({ sub: first.account }), { typ: 'logout+jwt' });
      expect(await tell(token)).toBe(200);
      for (const { browser, sessionId } of [first, second]) {
        expect((await world.renew(browser, 'app')).status).toBe(401);
        await toldAsEnded(sessionId, 'provider_logout');
      }
      expect((await world.renew(other.browser, 'app')).status).toBe(200);
      expect(await tell(token)).toBe(400);
    });

    it('do nothing where the token does not prove it', async () => {
      const { browser, account } = await signedOn();
      const { events: _, ...withoutEvent } = claims({ sub: account });
      const tokens = [
        'no-token', await world.idp.sign(claims({ sub: account, nonce: 'x' })), await world.idp.sign(withoutEvent), await world.idp.sign(claims({})),
        await world.idp.sign(claims({ sub: account, aud: 'another' })), await world.idp.sign(claims({ sub: account, iss: 'https://elsewhere.example' })),
        await world.idp.sign(claims({ sub: account, iat: seconds() - 3_600 })), await world.idp.sign(claims({ sub: account }), { kid: 'unknown' }),
      ];
      for (const token of tokens) expect(await tell(token)).toBe(400);
      expect((await world.renew(browser, 'app')).status).toBe(200);
    });
  });
});

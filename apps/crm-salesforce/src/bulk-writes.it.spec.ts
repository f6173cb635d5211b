import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeCompleted, type RequestedAction } from '@crossdock/contracts';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bulkServiceDefinition, bulkWritesFrom } from './bulk-service.fixture.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const contacts = 600;
let world: CrmServiceWorld;
let running: ChildProcess | undefined;

beforeAll(async () => {
  world = await CrmServiceWorld.start('salesforce', bulkServiceDefinition, (sandboxUrl) => ({
    salesforceLoginUrl: `${sandboxUrl}/salesforce`, salesforceClientId: app.clientId, salesforceClientSecret: app.clientSecret,
  }));
});
afterAll(async () => {
  running?.kill('SIGKILL');
  await world.stop();
});

/** A process that takes the service's place. */
function start(): ChildProcess {
  const loader = new URL('../../../infra/jest/decorated-sources.mjs', import.meta.url).href;
  const program = new URL('bulk-process.fixture.ts', import.meta.url).pathname;
  running = spawn(process.execPath, ['--conditions=source', '--import', loader, program, JSON.stringify(world.settings)], { stdio: ['ignore', 'ignore', 'inherit'] });
  return running;
}

const jobTables = async (): Promise<unknown> => (await world.admin.query<unknown[]>('SELECT (SELECT count(*)::int FROM write_job) AS jobs, (SELECT count(*)::int FROM write_job_record) AS records'))[0];

describe('very many writes of one tenant', () => {
  it('go by a job of Salesforce’s, with each record’s order kept, and no further one is begun although the process is killed with -9 while the job is under way', async () => {
    const { orgId, instanceUrl, accessToken, refreshToken } = await world.control.createSalesforceOrg({ ...app, externalIdFields: false });
    const shop = await world.tenant({ accountId: orgId, endpoint: instanceUrl, settings: { companyCurrency: 'EUR' }, tokens: { accessToken, refreshToken } });
    await shop.connected();
    const tenant = new RecordTenant(world, shop);
    await eventually('the fields to be there', async () => (await shop.current())?.state === 'healthy', 60_000);
    // All of them are ready at one moment: when a person has connected the account again.
    await world.tenants.transaction(shop.tenantId, (manager) => world.connections.health.move(manager, shop.connection, 'needs_reconnect'));

    const keys = Array.from({ length: contacts }, () => randomUUID());
    const write = (index: number, fields: Record<string, string>): RequestedAction => ({ kind: 'write', target: { externalKey: keys[index] ?? '' }, fields });
    const requests = await Promise.all(keys.map((key, index) => tenant.ask('contact', write(index, index === 5
      ? { email: 'nowhere', lastName: 'Muster' } : { email: `${key}@example.com`, lastName: 'Muster' }), key)));
    const later = await tenant.ask('contact', write(3, { lastName: 'Beispiel' }), keys[3]);
    await eventually('all of them to be parked', async () => (await world.admin.query<Array<{ parked: number }>>(`SELECT count(*)::int AS parked FROM task WHERE state = 'parked' OR record_key LIKE $1`, [`%/write/${keys[3] ?? ''}`]))[0]?.parked === contacts + 1, 90_000);
    await world.stopService();

    const jobs = async (): Promise<Array<{ id: string; state: string; numberRecordsProcessed?: number }>> => {
      const answer = await fetch(`${instanceUrl}/services/data/v67.0/jobs/ingest`, { headers: { authorization: `Bearer ${accessToken}` } });
      return (await answer.json() as { records: Array<{ id: string; state: string }> }).records;
    };

    // Nobody hears how far the job is.
    await world.control.addFault('salesforce', { kind: 'status', status: 503, pathPattern: '^GET .*/jobs/ingest/\\w+$' });
    const first = start();
    await tenant.reconnect();
    await eventually('the job to be known here', async () => (await world.admin.query<unknown[]>('SELECT 1 FROM write_job WHERE kept IS NOT NULL')).length > 0, 90_000);
    const begun = (await jobs()).map(({ id }) => id);
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(shop.hears(writeCompleted).length).toBeLessThan(contacts);
    await world.control.clearFaults('salesforce');

    start();
    await eventually('all answers', () => requests.every((request) => tenant.heardAnswerTo(request)) && tenant.heardAnswerTo(later), 120_000);
    const answers = requests.map((request) => tenant.heardAnswerTo(request));
    expect(answers.filter((answer) => answer?.outcome !== 'written')).toMatchObject([{ outcome: 'refused', kind: 'invalid', field: 'Email' }]);
    expect(answers[4]).toMatchObject({ created: true, modifiedAt: expect.any(String), kept: expect.arrayContaining(['email', 'lastName']) });
    expect(tenant.heardAnswerTo(later)).toMatchObject({ outcome: 'written', created: false });
    const records = await world.control.salesforceRecords(orgId, 'Contact');
    expect([records.length, records.filter(({ LastName }) => LastName === 'Beispiel').length]).toEqual([contacts - 1, 1]);
    const after = await jobs();
    expect([after.map(({ id }) => id), new Set(after.map(({ state }) => state))]).toEqual([begun, new Set(['JobComplete'])]);
    expect(after.reduce((sum, { numberRecordsProcessed = 0 }) => sum + numberRecordsProcessed, 0)).toBeGreaterThanOrEqual(bulkWritesFrom - 50);
    expect(await jobTables()).toEqual({ jobs: 0, records: 0 });
  }, 240_000);
});

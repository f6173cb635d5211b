import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import type { CrmObject } from '@crossdock/contracts';
import { derivedFields } from '@crossdock/crm-connector';
import type { CrmWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox } from '@crossdock/sandbox';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DynamicsAuthorisation } from '../dynamics.authorisation.ts';
import { DynamicsConnector } from '../dynamics.connector.ts';
import type { DynamicsRecordsOptions } from './dynamics.record-connector.ts';

const faults = { down: { kind: 'status', status: 503 }, slow: { kind: 'latency', latencyMs: 5_000 }, rate_limit: { kind: 'rate-limit' } } as const;

const sets = { contact: 'contacts', company: 'accounts', deal: 'opportunities' } as const;

/** The suite's world, and what only the tests of Dynamics look at. */
export interface DynamicsWorld extends CrmWorld {
  readonly control: SandboxControl;
  readonly orgId: string;
  /** How many calls the environment has counted. */
  calls(): Promise<number>;
}

/** A connector in front of an environment that holds nothing yet but the hub's own columns. */
export async function dynamicsWorld(options: Pick<DynamicsRecordsOptions, 'changesPerPage'> = {}): Promise<DynamicsWorld> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const environment = await control.createDynamicsEnvironment();
  const { orgId } = environment;
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const authorisation = new DynamicsAuthorisation(http, {
    dynamicsLoginUrl: `${sandbox.url}/dynamics`, dynamicsEnvironmentDomains: ['127.0.0.1'], dynamicsClientId: environment.clientId, dynamicsClientSecret: environment.clientSecret,
  });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'dynamics', accountId: orgId, settings: {}, endpoint: environment.environmentUrl, state: 'healthy', stateSince: new Date(),
  };
  let { accessToken, refreshToken } = environment;
  const tokens = {
    get: async () => accessToken,
    refreshAfter401: async () => {
      const renewed = await authorisation.refresh(connection, refreshToken, AbortSignal.timeout(10_000));
      refreshToken = renewed.refreshToken ?? refreshToken;
      accessToken = renewed.accessToken;
      return accessToken;
    },
  };
  const connector = new DynamicsConnector({ http, tokens, ...options });
  await connector.setUp(connection, AbortSignal.timeout(60_000));
  const edit = async (object: CrmObject, id: string, values: Record<string, unknown>) => { await control.editDynamicsRow(orgId, sets[object], id, values); };
  return {
    control, orgId, connection, connector,
    calls: async () => {
      const answer = await fetch(`${environment.environmentUrl}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${accessToken}` } });
      return 6_000 - Number(answer.headers.get('x-ms-ratelimit-burst-remaining-xrm-requests'));
    },
    person: {
      create: async (object, fields) => String((await control.addDynamicsRow(orgId, sets[object], { ...fields }))[`${sets[object] === 'opportunities' ? 'opportunity' : sets[object].slice(0, -1)}id`]),
      edit: ({ object, id }, fields) => edit(object, id, { ...fields }),
      delete: ({ object, id }) => control.deleteDynamicsRow(orgId, sets[object], id),
      associate: ({ object, id }, to) => edit(object, id, object === 'contact'
        ? { 'parentcustomerid_account@odata.bind': `/accounts(${to.id})` }
        : { [to.object === 'company' ? 'parentaccountid@odata.bind' : 'parentcontactid@odata.bind']: `/${sets[to.object]}(${to.id})` }),
      mergeContacts: async (winner, loser) => {
        await control.mergeDynamicsRows(orgId, 'contacts', winner, loser);
        return winner;
      },
      advance: (id) => edit('deal', id, { stepname: '3-Propose' }),
      closeAsWon: (id) => edit('deal', id, { statecode: 1, statuscode: 3 }),
    },
    knowsWhatNeverWas: false,
    count: async (object) => (await control.dynamicsRows(orgId, sets[object])).length,
    importContacts: async () => Promise.all(Array.from({ length: 12 }, async () =>
      String((await control.addDynamicsRow(orgId, 'contacts', { emailaddress1: `${randomUUID()}@example.com`, lastname: 'Imported' }))['contactid']))),
    refused: [
      { because: 'it is too long', object: 'contact', fields: { lastname: 'x'.repeat(51) }, field: 'lastname' },
      { because: 'the choice has no such option', object: 'contact', fields: { preferredcontactmethodcode: '17' }, field: 'preferredcontactmethodcode' },
      { because: 'one of several choices is none', object: 'contact', fields: { new_interests: ['100000000', '100000009'] }, field: 'new_interests' },
      { because: 'it is no option', object: 'contact', fields: { preferredcontactmethodcode: 'Pigeon' }, field: 'preferredcontactmethodcode' },
      { because: 'its owner has left', object: 'deal', fields: { ownerid: String((await control.dynamicsRows(orgId, 'systemusers')).find(({ isdisabled }) => isdisabled === true)?.['systemuserid']) }, field: 'ownerid' },
      { because: 'its name is missing', object: 'deal', fields: { name: null }, field: 'name' },
      { because: 'the environment has no such currency', object: 'deal', fields: { estimatedvalue: { amountMinor: 100, currency: 'CHF' } }, field: 'estimatedvalue' },
      { because: 'there is no such column', object: 'deal', fields: { [`${derivedFields.dealStatus}_`]: 'open' } },
    ],
    unknownContactId: randomUUID(),
    rateLimitKind: 'rate_limited',
    forgottenCursor: async () => {
      const signal = AbortSignal.timeout(60_000);
      const selection = { description: await connector.describe(connection, 'contact', signal), fieldNames: ['emailaddress1'] };
      let page = await connector.listChanges(connection, selection, undefined, signal);
      while (page.hasMore) page = await connector.listChanges(connection, selection, page.cursor, signal);
      await control.forgetDynamicsChanges(orgId);
      return page.cursor;
    },
    expireToken: () => control.addFault('dynamics', { kind: 'expire-token', account: orgId }),
    revoke: async () => {
      for (const kind of ['revoke-token', 'expire-token'] as const) await control.addFault('dynamics', { kind, account: orgId });
    },
    fail: (fault, times) => control.addFault('dynamics', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('dynamics'),
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

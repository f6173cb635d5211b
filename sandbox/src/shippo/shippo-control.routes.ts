import type { FastifyInstance } from 'fastify';
import { controlRefusal } from '../control/control-refusal.ts';
import {
  shippoAccountSchema, shippoAdvanceSchema, shippoMarketSchema, shippoRefundSchema, type ShippoAccountCreated,
} from '../control/shippo-control.schema.ts';
import { read } from '../request-bodies.ts';
import { shippoId, trackKey, type ShippoAccount, type ShippoAccounts } from './shippo-accounts.ts';
import type { ShippoEvents } from './shippo-events.ts';
import { settleRefund } from './shipping/refunds.routes.ts';
import { nextStatus, substatusOf } from './tracking/tracking-status.ts';
import { reportStatus } from './tracking/tracks.ts';

interface AccountPath {
  Params: { account: string };
}

/** Accounts to work with, and a carrier that moves parcels on. */
export function registerShippoControl(scope: FastifyInstance, accounts: ShippoAccounts, events: ShippoEvents): void {
  const accountOf = (name: string): ShippoAccount => {
    const account = accounts.byName.get(name);
    if (account === undefined) throw controlRefusal(404, `There is no Shippo account ${name}.`);
    return account;
  };

  scope.post('/accounts', async (request, reply) => {
    const wanted = read(shippoAccountSchema, request.body ?? {}, (path, message) => controlRefusal(400, message, path));
    const name = wanted.account ?? shippoId();
    if (accounts.byName.has(name)) throw controlRefusal(409, `Shippo account ${name} exists already.`);
    const platform = { clientId: wanted.clientId ?? shippoId(), clientSecret: wanted.clientSecret ?? shippoId(), redirectUris: wanted.redirectUris ?? null };
    const account = accounts.add({ account: name, test: wanted.mode === 'test', hmacSecret: wanted.hmacSecret ?? null, platform });
    const answer: ShippoAccountCreated = {
      account: name,
      owner: account.owner,
      token: account.token,
      hmacSecret: account.hmacSecret,
      clientId: platform.clientId,
      clientSecret: platform.clientSecret,
    };
    return await reply.code(201).send(answer);
  });

  scope.post<AccountPath>('/accounts/:account/tokens', async (request, reply) =>
    await reply.code(201).send({ token: accounts.issueToken(accountOf(request.params.account)) }));

  scope.delete<{ Params: { account: string; token: string } }>('/accounts/:account/tokens/:token', async (request, reply) => {
    const account = accountOf(request.params.account);
    if (!accounts.removeToken(account, request.params.token)) throw controlRefusal(404, `Account ${account.account} has no such token.`);
    return await reply.code(204).send();
  });

  scope.patch<AccountPath>('/accounts/:account', async (request, reply) => {
    const account = accountOf(request.params.account);
    const { inactiveCarriers, priceFactor, purchaseDelayMs } = read(shippoMarketSchema, request.body ?? {}, (path, message) => controlRefusal(400, message, path));
    if (inactiveCarriers !== undefined) account.inactiveCarriers = new Set(inactiveCarriers);
    if (priceFactor !== undefined) account.priceFactor = priceFactor;
    if (purchaseDelayMs !== undefined) account.purchaseDelayMs = purchaseDelayMs;
    return await reply.code(204).send();
  });

  scope.post<{ Params: { account: string; transaction: string } }>('/accounts/:account/transactions/:transaction/refund', async (request, reply) => {
    const account = accountOf(request.params.account);
    const { status } = read(shippoRefundSchema, request.body ?? {}, (path, message) => controlRefusal(400, message, path));
    const refund = [...account.refunds.values()].find(({ transaction }) => transaction === request.params.transaction);
    if (refund === undefined) throw controlRefusal(404, `Nobody has asked to refund transaction ${request.params.transaction}.`);
    settleRefund(account, refund, status);
    return await reply.code(204).send();
  });

  scope.post<{ Params: { account: string; transaction: string } }>('/accounts/:account/transactions/:transaction/spoil', async (request, reply) => {
    const transaction = accountOf(request.params.account).transactions.get(request.params.transaction);
    if (transaction === undefined) throw controlRefusal(404, `There is no transaction ${request.params.transaction}.`);
    transaction.status = 'REFUNDED';
    return await reply.code(204).send();
  });

  scope.get<AccountPath>('/accounts/:account/transactions', async (request) => ({
    results: [...accountOf(request.params.account).transactions.values()],
  }));

  scope.get<AccountPath>('/accounts/:account/tracks', async (request) => ({
    results: [...accountOf(request.params.account).tracks.values()],
  }));

  scope.post<{ Params: { account: string; carrier: string; number: string } }>(
    '/accounts/:account/tracks/:carrier/:number/advance',
    async (request) => {
      const account = accountOf(request.params.account);
      const { carrier, number } = request.params;
      const track = account.tracks.get(trackKey(carrier, number));
      if (track === undefined) throw controlRefusal(404, `Account ${account.account} tracks no parcel ${carrier}/${number}.`);
      const wanted = read(shippoAdvanceSchema, request.body ?? {}, (path, message) => controlRefusal(400, message, path));
      const current = track.tracking_status?.status ?? 'UNKNOWN';
      const status = wanted.status ?? nextStatus(current);
      if (status === null) throw controlRefusal(409, `The parcel is ${current}: nothing comes after that.`);
      const substatus = substatusOf(status, wanted.substatus);
      if (substatus === undefined) throw controlRefusal(400, `${wanted.substatus ?? ''} is no substatus of ${status}.`);
      reportStatus(account, track, status, substatus, wanted.date);
      if (!wanted.silently) events.trackUpdated(account, track);
      return track;
    },
  );
}

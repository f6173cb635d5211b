import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { controlRefusal } from '../control/control-refusal.ts';
import { pipedriveCompanySchema, type PipedriveCompanyCreated } from '../control/pipedrive-control.schema.ts';
import { read } from '../request-bodies.ts';
import { accessTokenLifetimeSeconds, type PipedriveApp } from './company-tokens.ts';
import type { Company, PipedriveCompanies } from './pipedrive-companies.ts';
import { dealAnswer } from './records/deals.routes.ts';
import { organizationAnswer } from './records/organizations.routes.ts';
import { personAnswer } from './records/persons.routes.ts';
import { idOf } from './records/record-path.ts';

interface TypePath {
  Params: { domain: string; type: string };
}
interface RecordPath {
  Params: { domain: string; type: string; id: string };
}

const unknownType = (type: string): ReturnType<typeof controlRefusal> => controlRefusal(404, `Pipedrive has no ${type} here.`);

/** Companies to work with, and a person who works in Pipedrive's own pages. */
export function registerPipedriveControl(scope: FastifyInstance, companies: PipedriveCompanies): void {
  const refuse = (path: string, message: string): ReturnType<typeof controlRefusal> => controlRefusal(400, message, path);
  const companyOf = (domain: string): Company => {
    const company = companies.byDomain.get(domain);
    if (company === undefined) throw controlRefusal(404, `There is no Pipedrive company ${domain}.`);
    return company;
  };

  scope.post('/companies', async (request, reply) => {
    const wanted = read(pipedriveCompanySchema, request.body ?? {}, refuse);
    const domain = wanted.domain ?? `company-${randomUUID().slice(0, 8)}`;
    if (companies.byDomain.has(domain)) throw controlRefusal(409, `Pipedrive company ${domain} exists already.`);
    const company = companies.add({ ...wanted, domain });
    const app: PipedriveApp = {
      clientId: wanted.clientId ?? randomUUID(), clientSecret: wanted.clientSecret ?? randomUUID(), scopes: wanted.scopes, redirectUri: wanted.redirectUri ?? null,
    };
    const known = companies.tokens.apps.get(app.clientId) ?? app;
    companies.tokens.apps.set(known.clientId, known);
    const grant = companies.tokens.install(company, known);
    const answer: PipedriveCompanyCreated = {
      companyId: company.companyId, domain, userId: company.userId, apiDomain: `${request.protocol}://${request.host}/pipedrive`,
      apiToken: company.apiToken, clientId: known.clientId, clientSecret: known.clientSecret,
      accessToken: companies.tokens.issueAccessToken(grant), refreshToken: grant.refreshToken, expiresInSeconds: accessTokenLifetimeSeconds,
    };
    return await reply.code(201).send(answer);
  });

  scope.get<TypePath>('/companies/:domain/:type', async (request) => {
    const company = companyOf(request.params.domain);
    switch (request.params.type) {
      case 'persons': return { results: company.persons.table.list().filter((person) => !person.is_deleted).map((person) => personAnswer(company, person)) };
      case 'organizations': return {
        results: company.organizations.table.list().filter((organization) => !organization.is_deleted).map((organization) => organizationAnswer(company, organization)),
      };
      case 'deals': return { results: company.deals.table.list().filter((deal) => !deal.is_deleted).map((deal) => dealAnswer(company, deal)) };
      case 'webhooks': return { results: company.subscriptions };
      default: throw unknownType(request.params.type);
    }
  });

  scope.patch<RecordPath>('/companies/:domain/:type/:id', async (request) => {
    const company = companyOf(request.params.domain);
    const id = idOf(request.params.id);
    switch (request.params.type) {
      case 'deals': return dealAnswer(company, company.deals.update(id, request.body, 'app').deal);
      case 'persons': return personAnswer(company, company.persons.update(id, request.body, 'app').person);
      case 'organizations': return organizationAnswer(company, company.organizations.update(id, request.body, 'app').organization);
      default: throw unknownType(request.params.type);
    }
  });

  scope.post<TypePath>('/companies/:domain/:type', async (request, reply) => {
    const company = companyOf(request.params.domain);
    // As records have that were brought along from elsewhere.
    const { update_time: updateTime, ...values } = read(z.looseObject({ update_time: z.iso.datetime().optional() }), request.body, refuse);
    const add = (): Record<string, unknown> => {
      switch (request.params.type) {
        case 'deals': return dealAnswer(company, company.deals.create(values, 'app'));
        case 'persons': {
          const person = company.persons.create(values, 'app');
          if (updateTime !== undefined) company.persons.table.put({ ...person, update_time: updateTime });
          return personAnswer(company, person);
        }
        case 'organizations': return organizationAnswer(company, company.organizations.create(values, 'app'));
        default: throw unknownType(request.params.type);
      }
    };
    return await reply.code(201).send(add());
  });

  scope.post<RecordPath>('/companies/:domain/persons/:id/merge', async (request, reply) => {
    const { otherId } = read(z.object({ otherId: z.int() }), request.body, refuse);
    companyOf(request.params.domain).persons.merge(idOf(request.params.id), otherId);
    return await reply.code(204).send();
  });

  scope.delete<RecordPath>('/companies/:domain/:type/:id', async (request, reply) => {
    const company = companyOf(request.params.domain);
    const records = { deals: company.deals, persons: company.persons, organizations: company.organizations }[request.params.type];
    if (records === undefined) throw unknownType(request.params.type);
    records.delete(idOf(request.params.id), 'app');
    return await reply.code(204).send();
  });
}

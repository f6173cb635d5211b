import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { OrgOf } from '../org-session.ts';
import type { Org } from '../zoho-orgs.ts';
import { invalidBody, noPermission, zohoError } from '../zoho-refusals.ts';
import { rightsOf } from '../zoho-orgs.ts';
import type { ZohoRecord } from './org-records.ts';
import type { WriteResult } from './record-writing.ts';

interface DealPath {
  Params: { location: string; id: string };
}
interface RolePath {
  Params: { location: string; id: string; contactId: string };
}

const rolesSchema = z.object({
  data: z.array(z.object({ id: z.string(), Contact_Role: z.union([z.string(), z.object({ name: z.string() })]).optional() })).min(1).max(100),
});

const base = '/crm/v8/Deals/:id/Contact_Roles';

/** The related list of a deal: which contacts have a part in it. */
export function registerContactRoleRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  app.get<DealPath>(base, async (request, reply) => {
    const org = orgOf(request);
    const deal = org.records.find('Deals', request.params.id);
    const contacts = deal === undefined ? [] : contactsOf(org, deal);
    if (contacts.length === 0) return await reply.code(204).send();
    return {
      data: contacts.map(({ contact, role }) => ({
        id: contact.id, Full_Name: org.records.nameOf(contact), Email: contact.values['Email'] ?? null, Contact_Role: role === '' ? null : { name: role, id: '1' },
      })),
      info: { per_page: 200, count: contacts.length, page: 1, more_records: false },
    };
  });

  app.put<DealPath>(base, async (request, reply) => {
    const org = orgOf(request);
    if (!rightsOf(org, 'Deals').editable) throw noPermission('Crm_Implied_Edit_Deals');
    const deal = org.records.find('Deals', request.params.id);
    const { data } = read(rolesSchema, request.body, invalidBody);
    const results = data.map(({ id, Contact_Role: role }, index): WriteResult => {
      if (deal === undefined || org.records.find('Contacts', id) === undefined) {
        return zohoError('INVALID_DATA', 'the related id given seems to be invalid', { api_name: 'id', json_path: `$.data[${String(index)}].id` });
      }
      org.records.addRole(deal, id, typeof role === 'object' ? role.name : role ?? '');
      return { code: 'SUCCESS', details: { id }, message: 'relation added', status: 'success' };
    });
    const refused = results.filter(({ status }) => status === 'error').length;
    return await reply.code(refused === 0 ? 200 : refused === results.length ? 400 : 207).send({ data: results });
  });

  app.delete<RolePath>(`${base}/:contactId`, async (request) => {
    const org = orgOf(request);
    const deal = org.records.find('Deals', request.params.id);
    if (deal !== undefined) org.records.removeRole(deal, request.params.contactId);
    return { data: [{ code: 'SUCCESS', details: { id: request.params.contactId }, message: 'relation removed', status: 'success' }] };
  });
}

function contactsOf(org: Org, deal: ZohoRecord): { contact: ZohoRecord; role: string }[] {
  return [...org.records.rolesOf(deal)].flatMap(([id, role]) => {
    const contact = org.records.find('Contacts', id);
    return contact === undefined ? [] : [{ contact, role }];
  });
}

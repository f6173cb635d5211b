import { derivedFields, type DefaultMapping } from '@crossdock/crm-connector';
import type { CrmObject, FieldDescription } from '@crossdock/contracts';
import { z } from 'zod';
import type { FieldCodes, FieldOwner } from '../pipedrive.hub-fields.ts';

/** How Pipedrive calls a kind of records: in addresses, and where it speaks of their fields. */
export interface Kind {
  readonly path: 'persons' | 'organizations' | 'deals';
  readonly owner: FieldOwner;
}

const kinds: Readonly<Record<CrmObject, Kind>> = {
  contact: { path: 'persons', owner: 'person' }, company: { path: 'organizations', owner: 'organization' }, deal: { path: 'deals', owner: 'deal' },
};

export const kindOf = (object: CrmObject): Kind => kinds[object];

const contactValueSchema = z.object({ value: z.string(), primary: z.boolean().nullish(), label: z.string().nullish() });
const link = z.int().positive().nullish();

/** A record as version 2 answers it, as far as it is read here; a person has no title and a deal no addresses. */
export const rowSchema = z.object({
  id: z.int().positive(),
  add_time: z.string(),
  update_time: z.string().nullish(),
  is_deleted: z.boolean().default(false),
  custom_fields: z.record(z.string(), z.unknown()).default({}),
  owner_id: link, org_id: link, person_id: link,
  name: z.string().nullish(), first_name: z.string().nullish(), last_name: z.string().nullish(),
  emails: z.array(contactValueSchema).nullish(), phones: z.array(contactValueSchema).nullish(),
  website: z.string().nullish(),
  title: z.string().nullish(), value: z.number().nullish(), currency: z.string().nullish(), status: z.string().nullish(), stage_id: link,
  expected_close_date: z.string().nullish(), won_time: z.string().nullish(), lost_time: z.string().nullish(), close_time: z.string().nullish(),
  participants_count: z.int().nullish(),
});
export type Row = z.infer<typeof rowSchema>;

/** The currency of a deal's amount, which is written with the amount. */
export const currencyField = 'currency';

/** The names under which the hub's deal fields about orders and samples are described: their codes are others in each company. */
export const hubDealFields = {
  crossdock_order_status: { role: 'orderStatus', label: 'Order status', type: 'text', maxLength: 255 },
  crossdock_line_items: { role: 'lineItems', label: 'Order lines', type: 'long_text', maxLength: 65_000 },
  crossdock_order_source: { role: 'orderSource', label: 'Order source', type: 'text', maxLength: 255 },
  crossdock_sample_request: { role: 'sampleRequest', label: 'Sample request', type: 'text', maxLength: 255 },
  crossdock_sample_status: { role: 'sampleStatus', label: 'Sample status', type: 'text', maxLength: 255 },
} as const satisfies Readonly<Record<string, Pick<FieldDescription, 'label' | 'type' | 'maxLength'> & { readonly role: keyof FieldCodes }>>;

/** Whether a field is one of these. */
export const isHubDealField = (name: string): name is keyof typeof hubDealFields => Object.hasOwn(hubDealFields, name);

/** Persons have no country and organisations no phone that version 2 would take. */
export const defaultMapping: DefaultMapping = {
  contact: { email: { field: 'email' }, phone: { field: 'phone' }, firstName: { field: 'first_name' }, lastName: { field: 'last_name' } },
  company: { name: { field: 'name' }, domain: { field: 'website', transform: 'website' } },
  deal: {
    name: { field: 'title' }, amount: { field: 'value' }, status: { field: derivedFields.dealStatus }, closedAt: { field: derivedFields.dealClosedAt },
    orderStatus: { field: 'crossdock_order_status' }, lineItems: { field: 'crossdock_line_items', transform: 'truncate', direction: 'out' },
    orderSource: { field: 'crossdock_order_source', transform: 'truncate', direction: 'out' },
    sampleRequest: { field: 'crossdock_sample_request' }, sampleStatus: { field: 'crossdock_sample_status', direction: 'out' },
  },
};

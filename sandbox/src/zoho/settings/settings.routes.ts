import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { OrgOf } from '../org-session.ts';
import { moduleNames, type ModuleField } from '../records/module-fields.ts';
import { moduleOf } from '../records/records.routes.ts';
import { rightsOf } from '../zoho-orgs.ts';
import { invalidBody, missingParameter, noPermission, zohoError } from '../zoho-refusals.ts';
import { orgUsers } from './org-users.ts';

const newFieldsSchema = z.object({
  fields: z.array(z.discriminatedUnion('data_type', [
    z.object({
      field_label: z.string().min(1).max(50), data_type: z.literal('text'), length: z.int().min(1).max(255).default(255),
      unique: z.object({ casesensitive: z.boolean().default(false) }).optional(),
    }),
    z.object({ field_label: z.string().min(1).max(50), data_type: z.literal('textarea'), length: z.int().min(1).max(2_000), textarea: z.object({ type: z.literal('small') }) }),
  ])).min(1).max(5),
});
const moduleSchema = z.object({ module: z.string() });

/** What an organisation is and has: itself, its modules with what the user may do in them, and their fields. */
export function registerSettingsRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  app.get('/crm/v8/org', async (request) => {
    const { orgId, options } = orgOf(request);
    return {
      org: [{
        id: `6493490000${orgId.slice(-9)}`, zgid: orgId, company_name: `Organisation ${orgId}`, domain_name: `org${orgId}`, alias: null,
        primary_email: `admin@org${orgId}.example`, iso_code: options.currency, currency: options.currency, time_zone: 'Europe/Istanbul', type: 'production',
        license_details: { paid: options.edition !== 'free', paid_type: options.edition, users_license_purchased: options.users, trial_type: null, trial_expiry: null },
      }],
    };
  });

  app.get('/crm/v8/settings/modules', async (request) => {
    const org = orgOf(request);
    return {
      modules: moduleNames.map((name) => ({ api_name: name, module_name: name, plural_label: name, api_supported: true, generated_type: 'default', ...rightsOf(org, name) })),
    };
  });

  app.get('/crm/v8/users', async (request) => {
    orgOf(request);
    return { users: orgUsers, info: { per_page: 200, count: orgUsers.length, page: 1, more_records: false } };
  });

  app.get('/crm/v8/settings/fields', async (request) => {
    const org = orgOf(request);
    const module = moduleOf(read(moduleSchema, request.query, missingParameter).module);
    return { fields: org.fields.list(module).map(fieldAnswer) };
  });

  app.post('/crm/v8/settings/fields', async (request, reply) => {
    const org = orgOf(request);
    const module = moduleOf(read(moduleSchema, request.query, missingParameter).module);
    if (!org.options.mayMakeFields) throw noPermission('Crm_Implied_Customize_Zoho_CRM');
    const { fields } = read(newFieldsSchema, request.body, invalidBody);
    const results = fields.map((wanted, index) => {
      const [label, dataType] = [wanted.field_label, wanted.data_type];
      const made = org.fields.add(module, wanted.data_type === 'text'
        ? { label, dataType, length: wanted.length, isUnique: wanted.unique !== undefined }
        : { label, dataType, length: wanted.length, isUnique: false });
      return made === undefined
        ? zohoError('DUPLICATE_DATA', 'duplicate data', { api_name: 'field_label', json_path: `$.fields[${String(index)}].field_label` })
        : { code: 'SUCCESS', details: { id: made.id, api_name: made.apiName }, message: 'field created', status: 'success' };
    });
    return await reply.code(results.some(({ status }) => status === 'error') ? 400 : 201).send({ fields: results });
  });
}

const fieldAnswer = (field: ModuleField): Record<string, unknown> => ({
  id: field.id,
  api_name: field.apiName,
  field_label: field.label,
  display_label: field.label,
  data_type: field.dataType,
  json_type: field.dataType === 'lookup' || field.dataType === 'ownerlookup' ? 'jsonobject' : field.dataType === 'currency' ? 'double' : 'string',
  length: field.length,
  system_mandatory: field.isMandatory,
  unique: field.isUnique ? { casesensitive: false } : {},
  custom_field: field.isCustom,
  read_only: false,
  field_read_only: field.isReadOnly,
  lookup: field.lookup === null ? {} : { module: { api_name: field.lookup } },
  pick_list_values: field.picks.map(({ displayValue, actualValue, dealCategory }, index) => ({
    id: `${field.id}${String(index)}`, display_value: displayValue, actual_value: actualValue, reference_value: actualValue, sequence_number: index + 1, type: 'used',
    ...(dealCategory !== undefined && { deal_category: dealCategory, forecast_type: dealCategory }),
  })),
});

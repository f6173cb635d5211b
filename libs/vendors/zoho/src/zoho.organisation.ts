import type { AuthorisationParty, Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import { zohoFailure } from './zoho.errors.ts';
import { zohoLimits, zohoVendorLimits } from './zoho.limits.ts';

const answerSchema = z.object({
  org: z.tuple([z.object({
    zgid: z.string().min(1).max(100),
    company_name: z.string().max(255).nullish(),
    iso_code: z.string().regex(/^[A-Z]{3}$/).nullish().catch(undefined),
    license_details: z.object({ paid_type: z.string().max(50).nullish(), users_license_purchased: z.int().nullish() }).nullish().catch(undefined),
  })], z.unknown()),
});

/** What an organisation tells of itself; the currency bounds its amounts, edition and users its limits. */
export interface ZohoOrganisation {
  /** `zgid`: unlike the record id of the organisation it is the same for everybody. */
  readonly id: string;
  readonly name?: string;
  readonly companyCurrency?: string;
  readonly edition?: string;
  readonly users?: number;
}

export interface OrganisationCall {
  readonly apiDomain: string;
  readonly accessToken: string;
  readonly operation: string;
  /** Of the connection, once there is one: its limits follow from them. */
  readonly settings?: Connection['settings'];
}

/** Reads the organisation behind a token. @throws Failure */
export async function readOrganisation(
  http: OutboundHttp, party: AuthorisationParty, { apiDomain, accessToken, operation, settings }: OrganisationCall,
): Promise<ZohoOrganisation> {
  const response = await http.send({
    vendor: 'zoho', ...party, operation,
    ...(settings && { budget: { limits: zohoVendorLimits, settings } }),
    method: 'GET',
    url: `${apiDomain}/crm/${zohoLimits.apiVersion}/org`,
    headers: { authorization: `Zoho-oauthtoken ${accessToken}`, accept: 'application/json' },
    timeoutMs: zohoLimits.timeoutMs,
  });
  if (response.status !== 200) throw zohoFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
  const parsed = answerSchema.safeParse(JSON.parse(response.text()));
  if (!parsed.success) throw new Failure('unexpected', `Zoho's answer to ${operation} is not as documented.`, { cause: parsed.error });
  const [{ zgid: id, company_name: name, iso_code: companyCurrency, license_details: licence }] = parsed.data.org;
  return {
    id,
    ...(name && { name }),
    ...(companyCurrency && { companyCurrency }),
    ...(licence?.paid_type && { edition: licence.paid_type }),
    ...(licence?.users_license_purchased && { users: licence.users_license_purchased }),
  };
}

import type { InjectionToken } from '@nestjs/common';
import { z } from 'zod';
import type { Vendor } from '@crossdock/contracts';
import type { VendorAuthorisation } from '@crossdock/connections';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { DynamicsAuthorisation, dynamicsAppShape } from '@crossdock/vendor-dynamics';
import { HubSpotAuthorisation, hubSpotAppShape } from '@crossdock/vendor-hubspot';
import { PipedriveAuthorisation, pipedriveAppShape } from '@crossdock/vendor-pipedrive';
import { SalesforceAuthorisation, salesforceAppShape } from '@crossdock/vendor-salesforce';
import { shippoApiShape, shippoAppShape, ShippoAuthorisation } from '@crossdock/vendor-shippo';
import { WooCommerceAuthorisation } from '@crossdock/vendor-woocommerce';
import { ZohoAuthorisation, zohoAppShape } from '@crossdock/vendor-zoho';

const hubSpotApp = z.object(hubSpotAppShape);
const pipedriveApp = z.object(pipedriveAppShape);
const salesforceApp = z.object(salesforceAppShape);
const shippoApp = z.object(shippoAppShape);
const zohoApp = z.object(zohoAppShape);

/** Settings of the vendors' apps. An installation that has no app at a vendor leaves them out, and connects none of its accounts. */
export const vendorAppsShape = {
  ...z.object(dynamicsAppShape).partial().shape,
  ...hubSpotApp.partial().shape,
  ...pipedriveApp.partial().shape,
  ...salesforceApp.partial().shape,
  ...zohoApp.partial().shape,
  ...shippoApiShape,
  ...shippoApp.partial().shape,
};
type VendorApps = z.infer<z.ZodObject<typeof vendorAppsShape>>;

/** The vendors whose accounts this installation connects. */
export type VendorAuthorisations = Partial<Record<Vendor, VendorAuthorisation>>;
export const VENDOR_AUTHORISATIONS: InjectionToken<VendorAuthorisations> = Symbol('VENDOR_AUTHORISATIONS');

export function vendorAuthorisations(http: OutboundHttp, settings: VendorApps): VendorAuthorisations {
  const [hubspot, pipedrive, salesforce, shippo, zoho] = [
    hubSpotApp.safeParse(settings), pipedriveApp.safeParse(settings), salesforceApp.safeParse(settings), shippoApp.safeParse(settings), zohoApp.safeParse(settings),
  ];
  const { dynamicsLoginUrl, dynamicsEnvironmentDomains, dynamicsClientId, dynamicsClientSecret } = settings;
  const hasDynamics = dynamicsLoginUrl !== undefined && dynamicsEnvironmentDomains !== undefined && dynamicsClientId !== undefined && dynamicsClientSecret !== undefined;
  return {
    ...(hasDynamics && {
      dynamics: new DynamicsAuthorisation(http, { dynamicsLoginUrl, dynamicsEnvironmentDomains, dynamicsClientId, dynamicsClientSecret }),
    }),
    ...(hubspot.success && { hubspot: new HubSpotAuthorisation(http, hubspot.data) }),
    ...(pipedrive.success && { pipedrive: new PipedriveAuthorisation(http, pipedrive.data) }),
    ...(salesforce.success && { salesforce: new SalesforceAuthorisation(http, salesforce.data) }),
    ...(zoho.success && { zoho: new ZohoAuthorisation(http, zoho.data) }),
    shippo: new ShippoAuthorisation(http, settings, shippo.data),
    woocommerce: new WooCommerceAuthorisation(http),
  };
}

import { formatDecimal, type CustomsDeclaration } from '@crossdock/contracts';
import type { CustomsDeclarationCreateRequest } from 'shippo';
import { CustomsDeclarationContentsTypeEnum } from 'shippo/models/components/customsdeclarationcontentstypeenum.js';
import { CustomsDeclarationEelPfcEnum } from 'shippo/models/components/customsdeclarationeelpfcenum.js';
import { CustomsDeclarationIncotermEnum } from 'shippo/models/components/customsdeclarationincotermenum.js';
import { CustomsDeclarationNonDeliveryOptionEnum } from 'shippo/models/components/customsdeclarationnondeliveryoptionenum.js';
import { WeightUnitEnum } from 'shippo/models/components/weightunitenum.js';

const contentsTypes = {
  documents: CustomsDeclarationContentsTypeEnum.Documents,
  gift: CustomsDeclarationContentsTypeEnum.Gift,
  sample: CustomsDeclarationContentsTypeEnum.Sample,
  merchandise: CustomsDeclarationContentsTypeEnum.Merchandise,
  humanitarian_donation: CustomsDeclarationContentsTypeEnum.HumanitarianDonation,
  return_merchandise: CustomsDeclarationContentsTypeEnum.ReturnMerchandise,
  other: CustomsDeclarationContentsTypeEnum.Other,
} as const satisfies Record<CustomsDeclaration['contentsType'], CustomsDeclarationContentsTypeEnum>;

const incoterms = {
  DDP: CustomsDeclarationIncotermEnum.Ddp, DDU: CustomsDeclarationIncotermEnum.Ddu,
  FCA: CustomsDeclarationIncotermEnum.Fca, DAP: CustomsDeclarationIncotermEnum.Dap,
} as const satisfies Record<NonNullable<CustomsDeclaration['incoterm']>, CustomsDeclarationIncotermEnum>;

/**
 * A declaration as a shipment carries it. What leaves the United States needs a word about its export filing (`eel_pfc`): to
 * Canada `NOEEI_30_36`, elsewhere `NOEEI_30_37_a`, unless the caller has filed it and names the reference.
 * Source: https://docs.goshippo.com/docs/international_shipping/internationalshipping; API description 2018-02-08.
 */
export function toShippoDeclaration(customs: CustomsDeclaration, from: string, to: string): CustomsDeclarationCreateRequest {
  const { contentsType, explanation, nonDelivery, signer, incoterm, exportFilingReference } = customs;
  return {
    certify: true,
    certifySigner: signer,
    contentsType: contentsTypes[contentsType],
    nonDeliveryOption: nonDelivery === 'return' ? CustomsDeclarationNonDeliveryOptionEnum.Return : CustomsDeclarationNonDeliveryOptionEnum.Abandon,
    ...(explanation !== undefined && { contentsExplanation: explanation }),
    ...(incoterm !== undefined && { incoterm: incoterms[incoterm] }),
    ...(from === 'US' && exportFilingOf(to, exportFilingReference)),
    items: customs.items.map(({ description, quantity, netWeightGrams, value, originCountry, hsCode, sku }) => ({
      description, quantity, originCountry,
      netWeight: String(netWeightGrams), massUnit: WeightUnitEnum.G,
      valueAmount: formatDecimal(value), valueCurrency: value.currency,
      ...(hsCode !== undefined && { hsCode }),
      ...(sku !== undefined && { skuCode: sku }),
    })),
  };
}

function exportFilingOf(to: string, reference: string | undefined): Pick<CustomsDeclarationCreateRequest, 'eelPfc' | 'aesItn'> {
  if (reference !== undefined) return { eelPfc: CustomsDeclarationEelPfcEnum.AesItn, aesItn: reference };
  return { eelPfc: to === 'CA' ? CustomsDeclarationEelPfcEnum.Noeei3036 : CustomsDeclarationEelPfcEnum.NOEEI3037A };
}

import { z } from 'zod';

const needed = z.string().min(1);

const customsItemSchema = z.object({
  description: needed,
  quantity: z.int().min(1),
  net_weight: needed,
  mass_unit: z.enum(['g', 'kg', 'lb', 'oz']),
  value_amount: z.string().regex(/^\d+(\.\d+)?$/),
  value_currency: z.string().length(3),
  origin_country: z.string().length(2),
  hs_code: z.string().optional(),
  sku_code: z.string().optional(),
});

/** A declaration with its items, as a shipment carries it. */
export const customsDeclarationSchema = z.object({
  certify: z.boolean(),
  certify_signer: needed,
  contents_type: z.enum(['DOCUMENTS', 'GIFT', 'SAMPLE', 'MERCHANDISE', 'HUMANITARIAN_DONATION', 'RETURN_MERCHANDISE', 'OTHER']),
  contents_explanation: z.string().optional(),
  non_delivery_option: z.enum(['ABANDON', 'RETURN']),
  eel_pfc: z.enum(['NOEEI_30_37_a', 'NOEEI_30_37_h', 'NOEEI_30_37_f', 'NOEEI_30_36', 'AES_ITN']).optional(),
  aes_itn: z.string().optional(),
  incoterm: z.enum(['DDP', 'DDU', 'FCA', 'DAP', 'eDAP']).optional(),
  items: z.array(customsItemSchema).min(1),
});

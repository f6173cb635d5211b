import { z } from 'zod';

export const propertiesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const associationInputSchema = z.object({
  to: z.object({ id: z.coerce.string() }),
  types: z.array(
    z.object({ associationCategory: z.string(), associationTypeId: z.number() }),
  ),
});
export type AssociationInput = z.output<typeof associationInputSchema>;

export const createSchema = z.object({
  properties: propertiesSchema.default({}),
  associations: z.array(associationInputSchema).nullish(),
  objectWriteTraceId: z.string().optional(),
});

export const updateSchema = z.object({ properties: propertiesSchema });

/** HubSpot takes at most 100 inputs in one batch. */
const batchOf = <Input extends z.ZodType>(input: Input) => z.object({ inputs: z.array(input).min(1).max(100) });

export const batchCreateSchema = batchOf(createSchema);
export const batchUpdateSchema = batchOf(
  z.object({
    id: z.coerce.string(),
    idProperty: z.string().optional(),
    properties: propertiesSchema,
    objectWriteTraceId: z.string().optional(),
  }),
);
export const batchUpsertSchema = batchOf(
  z.object({
    id: z.coerce.string(),
    idProperty: z.string(),
    properties: propertiesSchema,
    objectWriteTraceId: z.string().optional(),
  }),
);
export const batchReadSchema = batchOf(z.object({ id: z.coerce.string() })).extend({
  properties: z.array(z.string()).default([]),
  propertiesWithHistory: z.array(z.string()).default([]),
  idProperty: z.string().optional(),
});
export const batchArchiveSchema = batchOf(z.object({ id: z.coerce.string() }));

export const batchReadQuerySchema = z.object({ archived: z.stringbool().default(false) });
export const mergeSchema = z.object({ primaryObjectId: z.coerce.string(), objectIdToMerge: z.coerce.string() });

const commaSeparated = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => (Array.isArray(value) ? value : [value]).flatMap((part) => part.split(',')).filter((part) => part !== ''));

export const readQuerySchema = z.object({
  properties: commaSeparated,
  associations: commaSeparated,
  idProperty: z.string().optional(),
  archived: z.stringbool().default(false),
});

export const listQuerySchema = readQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  after: z.string().optional().transform((after) => (after === '' ? undefined : after)),
});

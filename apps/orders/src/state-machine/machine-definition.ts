import { orderStatusSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** Who may ask that an order be in another state. */
export const movers = ['shop', 'crm', 'shipping'] as const;
const moverSchema = z.enum(movers);
export type Mover = z.infer<typeof moverSchema>;

/**
 * What must hold for a move beside its being allowed. `verified_at_crm`: the deal was read anew at the CRM, and says the same.
 * `kept_in_shop`: the shop has not deleted the order.
 */
const guardSchema = z.enum(['verified_at_crm', 'kept_in_shop']);

/** What follows from a move beside the deal, which always follows. `write_to_shop`: the shop's order gets the first of the state's words. */
const actionSchema = z.enum(['write_to_shop']);
export type Action = z.infer<typeof actionSchema>;

const wordSchema = z.string().min(1).max(100);
/** The hub's own field on the deal, open, won or lost, or a stage by the name that the CRM gives it. */
const crmWordSchema = z.string().regex(/^(order_status|deal|stage):.{1,255}$/, 'A word of a CRM is order_status:…, deal:… or stage:…');

const moveSchema = z.strictObject({ guards: z.array(guardSchema).max(5), actions: z.array(actionSchema).max(5) });
export type Move = z.infer<typeof moveSchema>;

const transitionSchema = z.strictObject({
  from: orderStatusSchema,
  to: orderStatusSchema,
  /** It leads to a lower rank on purpose, such as a payment that comes after the cancellation. */
  correction: z.boolean().exactOptional(),
  /** Who may ask for it, and under what conditions; nobody else may. */
  by: z.partialRecord(moverSchema, moveSchema),
});
export type Transition = z.infer<typeof transitionSchema>;

const stateSchema = z.strictObject({
  /** How far an order in this state is; a transition to a lower rank goes backward. */
  rank: z.int().min(0).max(100),
  /** Nothing is to follow but corrections. */
  final: z.boolean().exactOptional(),
  /** The shop's words for it; the first is the one that is written to the shop. */
  shop: z.array(wordSchema).max(50),
  /** What a CRM's deal says when the order is to be in this state. */
  crm: z.array(crmWordSchema).max(50),
});

/**
 * How orders move, as data: what `PUT /v1/orders/state-machine` takes. Words under `unknown` are known to say nothing of where
 * an order stands; any other word that no state has is reported when it comes.
 */
export const machineDefinitionSchema = z.strictObject({
  /** Where the way of an order begins. An order that the shop tells of later in its life is taken as it is. */
  initial: orderStatusSchema,
  states: z.partialRecord(orderStatusSchema, stateSchema),
  transitions: z.array(transitionSchema).max(200),
  unknown: z.strictObject({ shop: z.array(wordSchema).max(50), crm: z.array(crmWordSchema).max(50) }),
});
export type MachineDefinition = z.infer<typeof machineDefinitionSchema>;

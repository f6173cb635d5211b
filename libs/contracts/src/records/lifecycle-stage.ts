import { z } from 'zod';

/**
 * How far a person has come from a first sign of interest to a customer, in order; the words and their order are those of HubSpot.
 * `other` stands for whoever is none of them, and is the end of the list there.
 */
export const lifecycleStages = [
  'subscriber', 'lead', 'marketing_qualified', 'sales_qualified', 'opportunity', 'customer', 'evangelist', 'other',
] as const;
export const lifecycleStageSchema = z.enum(lifecycleStages);

import { dealFieldsSchema, moneySchema } from '@crossdock/contracts';
import { z } from 'zod';

const moneys = z.array(moneySchema);
const share = { share: z.number(), amountMinor: z.int(), currency: z.string() };

/** What the attribution service answers, as far as the graph shows it. */
export const reportSchema = z.object({
  by: z.string(), from: z.string().optional(), to: z.string().optional(),
  result: z.object({ settingsVersion: z.int(), dataVersion: z.int() }),
  rows: z.array(z.object({
    key: z.string().nullable(), touches: z.int(), cost: moneys,
    credits: z.array(z.object({
      model: z.string(), conversions: z.number(), revenue: moneys, converted: moneySchema.optional(), returnOnInvestment: z.number().optional(), costPerConversionMinor: z.number().optional(),
    })),
  })),
  nextCursor: z.string().optional(),
  unattributed: z.object({ conversions: z.number(), revenue: moneys }),
});

export const dealReportSchema = z.object({
  dealId: z.uuid(), model: z.string(), name: z.string(), status: dealFieldsSchema.shape.status, revenue: moneySchema.optional(), closedAt: z.string().optional(),
  credits: z.array(z.object({ touchId: z.string(), channel: z.string(), touchedAt: z.string(), ...share })),
});

export const sampleReportSchema = z.object({
  shipmentId: z.uuid(), model: z.string(), campaign: z.string().optional(), product: z.string().optional(), sentAt: z.string().optional(), touchedAt: z.string().optional(),
  credits: z.array(z.object({ dealId: z.uuid(), ...share })), totals: moneys,
});

export const funnelSchema = z.object({ sent: z.int(), delivered: z.int(), withDeal: z.int(), withWonDeal: z.int(), wonDeals: z.int(), revenue: moneys });

export const cohortsSchema = z.object({
  items: z.array(z.object({ month: z.string(), samples: z.int(), months: z.array(z.object({ after: z.int(), wonDeals: z.int(), revenue: moneys })) })),
});

export const timeToRevenueSchema = z.object({ deals: z.int(), meanDays: z.number().optional(), medianDays: z.number().optional(), ninetiethDays: z.number().optional() });

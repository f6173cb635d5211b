import type { FastifyInstance } from 'fastify';
import { routeTerms, type CallerOf } from './company-session.ts';

/** What amounts of a company may be in; an administrator has switched the last one off. */
const currencies = [
  ['EUR', 'Euro', 2, true], ['USD', 'US Dollar', 2, true], ['GBP', 'British Pound', 2, true], ['CHF', 'Swiss Franc', 2, true], ['JPY', 'Japanese Yen', 0, true],
  ['EEK', 'Estonian Kroon', 2, false],
] as const;

/** Whether an amount may be in this currency. */
export function hasCurrency(code: string): boolean {
  return currencies.some(([each, , , isActive]) => isActive && each === code);
}

/** The currencies that amounts should be saved in, by API description version 1. */
export function registerCurrencyRoutes(app: FastifyInstance, callerOf: CallerOf): void {
  for (const base of ['/v1', '/api/v1']) {
    app.get(`${base}/currencies`, routeTerms(20, 'base'), async (request) => {
      callerOf(request);
      return {
        success: true,
        data: currencies.map(([code, name, digits, isActive], index) => ({
          id: index + 1, code, name, decimal_points: digits, symbol: code, active_flag: isActive, is_custom_flag: false,
        })),
      };
    });
  }
}

import type { FastifyInstance } from 'fastify';
import { routeTerms, type CallerOf } from './company-session.ts';

/** Who the token belongs to, and in which company: the account that an app was installed in. */
export function registerUserRoutes(app: FastifyInstance, callerOf: CallerOf): void {
  for (const base of ['/v1', '/api/v1']) {
    app.get(`${base}/users/me`, routeTerms(2, 'base'), async (request) => {
      const { company } = callerOf(request);
      return {
        success: true,
        data: {
          id: company.userId, name: 'Ida Admin', default_currency: company.options.defaultCurrency, locale: 'en_US', lang: 1, email: 'ida@example.com',
          activated: true, active_flag: true, timezone_name: 'Etc/UTC', timezone_offset: '+00:00', is_you: true, is_deleted: false,
          access: [{ app: 'sales', admin: true }, { app: 'global', admin: true }, { app: 'account_settings', admin: true }],
          company_id: company.companyId, company_name: company.options.domain, company_domain: company.options.domain, company_country: 'EE',
          company_industry: 'IT Services', language: { language_code: 'en', country_code: 'US' },
        },
      };
    });

    app.get(`${base}/users`, routeTerms(20, 'users:read'), async (request) => {
      const { company } = callerOf(request);
      const users = [[company.userId, 'Ida Admin', 'ida@example.com', true], [company.userId + 1, 'Otto Gone', 'otto@example.com', false]] as const;
      return { success: true, data: users.map(([id, name, email, active]) => ({ id, name, email, active_flag: active, is_you: id === company.userId })) };
    });
  }
}

import { createHash, randomBytes, randomInt } from 'node:crypto';
import { RateWindow } from '../rate-window.ts';
import { baseTokens, burstWindowMs, companyPlans, knownScopes, searchBurst, type PlanName, type Scope } from './company-plan.ts';
import { CompanyTokens } from './company-tokens.ts';
import { DealRecords } from './records/deal-records.ts';
import { OrganizationRecords } from './records/organization-records.ts';
import { PersonRecords } from './records/person-records.ts';
import type { RecordChange } from './records/record-change.ts';
import { RecordFields, type FieldOwner } from './records/record-fields.ts';
import type { Subscription } from './webhooks/webhook-subscriptions.ts';

export interface CompanyOptions {
  domain: string;
  plan: PlanName;
  seats: number;
  /** Off: calls are counted and shown but none is refused. */
  enforceLimits: boolean;
  /** How long search does not know of a change. */
  searchDelayMs: number;
  defaultCurrency: string;
}

export interface Company {
  companyId: number;
  userId: number;
  options: CompanyOptions;
  apiToken: string;
  organizations: OrganizationRecords;
  persons: PersonRecords;
  deals: DealRecords;
  fields: Record<FieldOwner, RecordFields>;
  subscriptions: Subscription[];
  usedTokens: number;
  dailyTokens: number;
  apiTokenCalls: RateWindow;
  appCalls: RateWindow;
  searches: RateWindow;
}

/** Who calls: a company, by which kind of token, with which scopes. */
export interface Caller {
  company: Company;
  kind: 'api_token' | 'app';
  scopes: readonly Scope[];
}

/** Companies and the tokens that open them. */
export class PipedriveCompanies {
  readonly byDomain = new Map<string, Company>();
  readonly tokens = new CompanyTokens();
  private readonly changed: (company: Company, change: RecordChange) => void;

  constructor(changed: (company: Company, change: RecordChange) => void) {
    this.changed = changed;
  }

  add(options: CompanyOptions): Company {
    const plan = companyPlans[options.plan];
    const tell = (change: RecordChange): void => {
      this.changed(company, change);
    };
    const userId = randomInt(1_000_000, 99_999_999);
    const fields = { deal: new RecordFields('deal'), person: new RecordFields('person'), organization: new RecordFields('organization') };
    const common = { userId, searchDelayMs: options.searchDelayMs, changed: tell };
    const organizations = new OrganizationRecords({ ...common, fields: fields.organization });
    const persons = new PersonRecords({ ...common, organizations, fields: fields.person });
    const company: Company = {
      companyId: randomInt(1_000_000, 99_999_999),
      userId,
      options,
      apiToken: randomBytes(20).toString('hex'),
      organizations,
      persons,
      deals: new DealRecords({ ...common, defaultCurrency: options.defaultCurrency, persons, organizations, fields: fields.deal }),
      fields,
      subscriptions: [],
      usedTokens: 0,
      dailyTokens: baseTokens * plan.multiplier * options.seats,
      apiTokenCalls: new RateWindow({ max: plan.apiTokenBurst, intervalMs: burstWindowMs }),
      appCalls: new RateWindow({ max: plan.appBurst, intervalMs: burstWindowMs }),
      searches: new RateWindow({ max: searchBurst, intervalMs: burstWindowMs }),
    };
    this.byDomain.set(options.domain, company);
    return company;
  }

  callerByApiToken(token: string): Caller | undefined {
    const company = [...this.byDomain.values()].find((candidate) => sameToken(candidate.apiToken, token));
    return company === undefined ? undefined : { company, kind: 'api_token', scopes: knownScopes };
  }

  clear(): void {
    this.byDomain.clear();
    this.tokens.clear();
  }
}

function sameToken(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest('hex'));
  return left === right;
}

export { callPriority, type CallPriority } from './call-priority.ts';
export type { LimitUsage } from './limit-usage.ts';
export { RateBudgets, type BudgetedAccount, type BudgetedCall, type BudgetGrant, type RateBudgetsOptions } from './rate-budgets.ts';
export type { ScriptRedis } from './redis-ledger.ts';
export { retryAfterMs } from './retry-after.ts';
export type {
  AccountSettings, ConcurrencySlots, FixedWindow, LimitCorrection, LimitedAnswer, LimitedCall, RollingWindow, VendorLimit, VendorLimits,
} from './vendor-limits.ts';

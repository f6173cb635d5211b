export type {
  AccountSettings, ConcurrencySlots, FixedWindow, LimitCorrection, LimitedAnswer, LimitedCall, RollingWindow, VendorLimit, VendorLimits,
} from './vendor-limits.ts';

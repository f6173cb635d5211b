export { featureFlagsSchema } from './create-feature-flags.ts';
export { FeatureFlags } from './feature-flags.ts';
export { flagChangeSchema, FlagStore, type FlagChange } from './flag-store.ts';
export { flags, type FlagName } from './flags.ts';

import { ErrorCode, type EvaluationContext, type JsonValue, type Provider, type ResolutionDetails, StandardResolutionReasons } from '@openfeature/server-sdk';
import { FlagRules } from './flag-rules.ts';
import type { FlagStore } from './flag-store.ts';

const reasons = { tenant: StandardResolutionReasons.TARGETING_MATCH, roll_out: StandardResolutionReasons.SPLIT, default: StandardResolutionReasons.DEFAULT } as const;

/**
 * Gives OpenFeature what PostgreSQL says (https://openfeature.dev/specification/sections/providers): the rules are held in memory, so that asking costs no query, and read again
 * by `refresh` where they have changed. `targetingKey` is the tenant's id. All flags are on or off.
 */
export class PostgresFlagProvider implements Provider {
  readonly metadata = { name: 'postgres' } as const;
  readonly runsOn = 'server';
  readonly #store: FlagStore;
  #rules = new FlagRules([]);
  #version: string | undefined;

  constructor(store: FlagStore) {
    this.#store = store;
  }

  initialize(): Promise<void> {
    return this.refresh();
  }

  async refresh(): Promise<void> {
    const version = await this.#store.version();
    if (version === this.#version) return;
    this.#rules = await this.#store.rules();
    this.#version = version;
  }

  async resolveBooleanEvaluation(flag: string, defaultValue: boolean, { targetingKey }: EvaluationContext): Promise<ResolutionDetails<boolean>> {
    if (targetingKey === undefined) return { value: defaultValue, reason: StandardResolutionReasons.ERROR, errorCode: ErrorCode.TARGETING_KEY_MISSING };
    const decision = this.#rules.decide(flag, targetingKey);
    if (!decision) return { value: defaultValue, reason: StandardResolutionReasons.ERROR, errorCode: ErrorCode.FLAG_NOT_FOUND };
    return { value: decision.isOn, reason: reasons[decision.by] };
  }

  resolveStringEvaluation(_flag: string, defaultValue: string): Promise<ResolutionDetails<string>> {
    return onlyOnOrOff(defaultValue);
  }

  resolveNumberEvaluation(_flag: string, defaultValue: number): Promise<ResolutionDetails<number>> {
    return onlyOnOrOff(defaultValue);
  }

  resolveObjectEvaluation<Value extends JsonValue>(_flag: string, defaultValue: Value): Promise<ResolutionDetails<Value>> {
    return onlyOnOrOff(defaultValue);
  }
}

async function onlyOnOrOff<Value>(value: Value): Promise<ResolutionDetails<Value>> {
  return { value, reason: StandardResolutionReasons.ERROR, errorCode: ErrorCode.TYPE_MISMATCH };
}

import type { CapabilityMode, CapabilityName } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { capabilityReport } from './capability-report.ts';

const names: readonly CapabilityName[] = ['api', 'read_records', 'write_records', 'create_fields', 'key_field', 'custom_objects', 'change_notices'];

describe('the mode of an account', () => {
  it.each<readonly [CapabilityMode, readonly CapabilityName[]]>([
    ['full', []],
    ['full', ['key_field', 'custom_objects', 'change_notices']],
    ['light', ['create_fields', 'key_field']],
    ['read_only', ['write_records', 'create_fields']],
    ['none', ['read_records']],
    ['none', ['api', 'read_records', 'write_records', 'create_fields']],
  ])('is %s where %j is missing', (mode, missing) => {
    const capabilities = names.map((name) => ({ name, available: !missing.includes(name), consequence: 'Something is missing.' }));
    expect(capabilityReport(capabilities, 'Enterprise')).toEqual({ mode, edition: 'Enterprise', capabilities });
  });
});

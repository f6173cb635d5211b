import type { Capability, CapabilityMode, CapabilityName, CapabilityReport } from '@crossdock/contracts';

/** Makes the report of a probe. The mode follows from the capabilities alone, for every vendor by the same rule. */
export function capabilityReport(capabilities: readonly Capability[], edition?: string): CapabilityReport {
  return { mode: modeOf(capabilities), ...(edition !== undefined && { edition }), capabilities: [...capabilities] };
}

/** What a probe did not name stands in nobody's way. */
function modeOf(capabilities: readonly Capability[]): CapabilityMode {
  const lacks = (name: CapabilityName): boolean => capabilities.some((capability) => capability.name === name && !capability.available);
  if (lacks('api') || lacks('read_records')) return 'none';
  if (lacks('write_records')) return 'read_only';
  return lacks('create_fields') ? 'light' : 'full';
}

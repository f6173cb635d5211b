export { canonicalFieldsOf, canonicalFieldViewSchema } from './canonical-fields.ts';
export { checkRules, checkedRulesSchema, type CheckedRules } from './check/mapping-check.ts';
export { mappingProblemSchema, type MappingProblem } from './check/mapping-problem.ts';
export { schemaDrift } from './check/schema-drift.ts';
export { effectiveMapping, type DefaultRule, type DefaultRules } from './effective-mapping.ts';
export { fieldMappingSchema, mappingRulesSchema, type FieldMapping, type MappingRules, type ObjectMapping, type TransformName } from './field-mapping.ts';
/** @public */
export { createRecordMapper, type CanonicalValues, type RecordMapper, type VendorValues } from './record-mapper.ts';

/** @public */
export { effectiveMapping, type DefaultRules } from './effective-mapping.ts';
/** @public */
export { mappingRulesSchema, type FieldMapping, type MappingRules, type ObjectMapping, type TransformName } from './field-mapping.ts';
/** @public */
export { createRecordMapper, type CanonicalValues, type RecordMapper, type VendorValues } from './record-mapper.ts';

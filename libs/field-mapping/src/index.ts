export type { FieldMapping, ObjectMapping, TransformName } from './field-mapping.ts';

export {
  describeEvent, eventCatalogue, eventDescriptionSchema, findEventDefinition, renderEventDescription, type EventDescription,
} from './catalogue.ts';
export { breaksOfEvent } from './catalogue-compatibility.ts';
export { deterministicId } from './deterministic-id.ts';
export { envelopeSchema, eventKey, type Envelope, type EventEnvelope } from './envelope.ts';
export {
  dataSchemaOf, isEventOf, serviceNames,
  type EventData, type EventDefinition, type EventOf, type ServiceName,
} from './event-definition.ts';
export { olderTypesOf, successorOf, upgradeEvent } from './event-versions.ts';
export { actRecorded, installationId } from './events/audit.ts';
export { orderChanged, orderReceived } from './events/commerce.ts';
export { connectionCreated, connectionHealthChanged } from './events/connection.ts';
export {
  crmRecordTouched, crmUpsertCompleted, crmUpsertRequested, dealChanged, requestedRecordSchema,
  type LinesOutcome, type RequestedRecord, type UpsertObject, type UpsertOutcome,
} from './events/crm.ts';
export {
  companyChanged, contactChanged, feedRequested, recordGone, recordsWanted, scanEnded, scanRequested, scanWithdrawn, writeCompleted, writeRequested,
  type RequestedAction, type WriteResult,
} from './events/crm-records.ts';
export { identityActed, sessionEnded } from './events/identity.ts';
export { leadTaken } from './events/lead.ts';
export { orderShipped, shipmentCreated, shipmentDelivered, shipmentVoided, trackingReceived, trackingUpdated } from './events/shipping.ts';
export { personAnswered, personRequestKinds, personWanted } from './events/privacy.ts';
export { domainNameSchema, tenantDomainChanged, tenantStandingChanged, tenantStates, type TenantState } from './events/tenancy.ts';
export { Answers, AnswersAs, AnswersIn, answersOf, AnswersWithBytes, AnswersWithText, type RouteAnswer } from './route-answer.ts';
export { pageSchema } from './answer-page.ts';
export { readOpaqueCursor, writeOpaqueCursor } from './opaque-cursor.ts';
export { parseJson } from './parse-json.ts';
export { asFailure, Failure, failureKindSchema, failureKinds, type FailureDetails, type FailureKind } from './failure.ts';
export {
  capabilityNameSchema, capabilityReportSchema, type Capability, type CapabilityMode, type CapabilityName, type CapabilityReport,
} from './records/capability-report.ts';
export {
  connectionReasonCodeSchema, connectionStateSchema, type ConnectionReasonCode, type ConnectionState,
} from './records/connection.ts';
export { companyFieldsSchema, type CompanyFields } from './records/company.ts';
export { contactFieldsSchema, type ContactFields } from './records/contact.ts';
export {
  crmObjectSchema, fieldValueSchema, objectDescriptionSchema, type CrmObject, type FieldDescription, type FieldType, type FieldValue, type ObjectDescription,
} from './records/crm-fields.ts';
export {
  companyStateSchema, contactStateSchema, crmRefSchema, dealStateSchema, type CompanyState, type ContactState, type CrmRef, type DealState,
} from './records/crm-state.ts';
export { dealFieldsSchema, type Deal, type DealFields, type DealStatus } from './records/deal.ts';
export { mostDealLines, type DealLine } from './records/deal-line.ts';
export { lineageStepSchema, orderStandingSchema, type LineageStep, type OrderWaiting } from './records/lineage.ts';
export { personRoleSchema, type PersonRole, type SessionEndReason } from './records/identity.ts';
export { lifecycleStages, lifecycleStageSchema } from './records/lifecycle-stage.ts';
export { parsePhoneNumber } from './records/phone-number.ts';
export { formatDecimal, minorUnitDigits, moneySchema, parseMoney, type Money } from './records/money.ts';
export { orderSchema, orderStatusSchema, type Order, type OrderStatus } from './records/order.ts';
export { sampleRequestField, sampleStatusField } from './records/sample-fields.ts';
export {
  customsDeclarationSchema, parcelSchema, postalAddressSchema, sampleSchema, shipmentStatusSchema,
  type CustomsDeclaration, type Parcel, type PostalAddress, type Sample, type ShipmentStatus, type TrackingUpdate,
} from './records/shipment.ts';
export {
  crmVendorSchema, recordSourceSchema, storedTimeSchema, timestampSchema, vendors, vendorSchema,
  type CalledParty, type CrmVendor, type RecordSource, type ShopVendor, type Vendor,
} from './records/source.ts';

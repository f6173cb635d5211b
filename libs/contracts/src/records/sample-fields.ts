/**
 * A deal's field that asks for a sample kit; a custom one of the canonical deal. It is a wish that this deal says to the hub and not a
 * fact about the business, so that it goes into no golden record: the same deal in two accounts would ask twice.
 */
export const sampleRequestField = 'sampleRequest';

/** A deal's field that shows where the sample for it stands; a custom one of the canonical deal. */
export const sampleStatusField = 'sampleStatus';

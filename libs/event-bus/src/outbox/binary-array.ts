/** Object ids of element types, fixed in PostgreSQL's catalogue (pg_type.dat). */
const elementTypes = { bytea: 17, smallint: 21, text: 25, uuid: 2950 } as const;

const headerBytes = 20;
const lengthBytes = 4;
const uuidBytes = 16;

/** How elements of one type become bytes. */
interface ElementFormat<Element> {
  readonly type: keyof typeof elementTypes;
  readonly byteLength: (element: Element) => number;
  readonly write: (array: Buffer, element: Element, offset: number) => void;
}

/**
 * A one-dimensional array in PostgreSQL's binary format, to be given for a parameter such as `$1::text[]`: the driver sends
 * a Buffer as it is. Written as text, every quote and backslash of every element would be escaped here and read again
 * there, which for JSON costs more than storing it. Elements are written in place, without a buffer for each.
 * Source: `array_recv` in src/backend/utils/adt/arrayfuncs.c of PostgreSQL.
 */
function binaryArray<Element>({ type, byteLength, write }: ElementFormat<Element>, elements: readonly Element[]): Buffer {
  const array = Buffer.allocUnsafe(elements.reduce((bytes, element) => bytes + lengthBytes + byteLength(element), headerBytes));
  array.writeInt32BE(elements.length === 0 ? 0 : 1, 0); // dimensions
  array.writeInt32BE(0, 4); // no element is null
  array.writeInt32BE(elementTypes[type], 8);
  array.writeInt32BE(elements.length, 12);
  array.writeInt32BE(1, 16); // the first index
  let offset = headerBytes;
  for (const element of elements) {
    const bytes = byteLength(element);
    offset = array.writeInt32BE(bytes, offset);
    write(array, element, offset);
    offset += bytes;
  }
  return elements.length === 0 ? array.subarray(0, 12) : array;
}

const byteaFormat: ElementFormat<Uint8Array> = {
  type: 'bytea', byteLength: (element) => element.length, write: (array, element, offset) => array.set(element, offset),
};
const textFormat: ElementFormat<string> = {
  type: 'text', byteLength: (element) => Buffer.byteLength(element), write: (array, element, offset) => array.write(element, offset),
};
const uuidFormat: ElementFormat<string> = {
  type: 'uuid', byteLength: () => uuidBytes, write: (array, element, offset) => array.write(element.replaceAll('-', ''), offset, 'hex'),
};
const smallintFormat: ElementFormat<number> = {
  type: 'smallint', byteLength: () => 2, write: (array, element, offset) => array.writeInt16BE(element, offset),
};

export function byteaArray(elements: readonly Uint8Array[]): Buffer {
  return binaryArray(byteaFormat, elements);
}

export function textArray(elements: readonly string[]): Buffer {
  return binaryArray(textFormat, elements);
}

export function uuidArray(elements: readonly string[]): Buffer {
  return binaryArray(uuidFormat, elements);
}

export function smallintArray(elements: readonly number[]): Buffer {
  return binaryArray(smallintFormat, elements);
}

import type { z } from 'zod';

/** What a route answers when it succeeds. */
export type RouteAnswer =
  /** JSON of this shape. */
  | { readonly kind: 'json'; readonly schema: z.ZodType }
  /** Parts of one shape, such as the events of a stream. `part` is the shape of each of its events or lines, or of the whole where that is JSON; as a text it names a route that answers so. */
  | { readonly kind: 'parts'; readonly mediaType: string; readonly part: z.ZodType | string }
  /** A text of no such parts, such as a page, with an example of it. */
  | { readonly kind: 'text'; readonly mediaType: string; readonly example: string }
  /** Bytes that nobody reads as they are, with what they hold. */
  | { readonly kind: 'bytes'; readonly mediaType: string; readonly holds: string }
  /** The same as this route, named by method and path: `GET /v1/orders/:id`. */
  | { readonly kind: 'same'; readonly as: string };

/** A value that whoever answers with it may hold as read-only. */
type Told<Value> = Value extends string | number | boolean | null | undefined ? Value
  : Value extends ReadonlyArray<infer Item> ? ReadonlyArray<Told<Item>>
    : Value extends object ? { readonly [Key in keyof Value]: Told<Value[Key]> } : Value;

/** Fits a handler that answers so, and no other. */
type HandlerOf<Answer> = <Handler extends (...given: never[]) => Answer | Promise<Answer>>(target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<Handler>) => void;

const answers = new WeakMap<object, readonly RouteAnswer[]>();

/**
 * Says what a route answers: the OpenAPI document describes it so, the compiler refuses a handler that answers otherwise, and in tests each answer is checked.
 * The schema describes what goes out; where it transforms, what comes out of that. A part that has a name of its own, by `.meta({ id })`, stands under that name
 * in the document.
 */
export function Answers<Schema extends z.ZodType>(schema: Schema): HandlerOf<Told<z.output<Schema>>> {
  return declaring([{ kind: 'json', schema }]);
}

/**
 * Says that a route answers in parts, such as lines of a file or events of a stream. Stands above a handler once for each form that it answers in.
 * @param part the shape of each event or line, or of the whole where that is JSON; as a text a route of a service behind that answers so
 */
export function AnswersIn(mediaType: string, part: z.ZodType | string): HandlerOf<unknown> {
  return declaring([{ kind: 'parts', mediaType, part }]);
}

/** Says that a route answers with a text that is not JSON. @param example such a text, made by what makes the answer */
export function AnswersWithText(mediaType: string, example: string): HandlerOf<unknown> {
  return declaring([{ kind: 'text', mediaType, example }]);
}

/** Says that a route answers with bytes that no text can show. @param holds what is in them, for people */
export function AnswersWithBytes(mediaType: string, holds: string): HandlerOf<unknown> {
  return declaring([{ kind: 'bytes', mediaType, holds }]);
}

/** Says that a route answers as other routes do, one of these. @param as such as `GET /v1/orders/:id`, of a service behind */
export function AnswersAs(...as: readonly [string, ...string[]]): HandlerOf<unknown> {
  return declaring(as.map((name) => ({ kind: 'same', as: name })));
}

/** What a handler was declared to answer: one of these. */
export function answersOf(handler: object): readonly RouteAnswer[] {
  return answers.get(handler) ?? [];
}

function declaring(declared: readonly RouteAnswer[]): HandlerOf<unknown> {
  return (_target, _name, { value }) => {
    if (value) answers.set(value, [...declared, ...answersOf(value)]);
  };
}

/** The events of a subscription, each in the form that its field has. */
export async function* mapEvents<Event, Told>(events: AsyncIterable<Event>, form: (event: Event) => Told): AsyncGenerator<Told> {
  for await (const event of events) yield form(event);
}

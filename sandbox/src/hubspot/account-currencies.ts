/** The currencies that amounts of a portal's deals may be in: that of the company, and those that its administrator has added. */
export const accountCurrencies = { company: 'USD', additional: ['CHF', 'EUR', 'GBP', 'JPY'] } as const;

/**
 * Since July 2023 a deal takes no other one.
 * Source: https://developers.hubspot.com/changelog/deal-currenct-code-validation
 */
export function hasCurrency(code: string): boolean {
  const { company, additional } = accountCurrencies;
  return [company, ...additional].some((each) => each === code);
}

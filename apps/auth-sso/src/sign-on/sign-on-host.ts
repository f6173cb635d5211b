/** The host of the sign-on pages. Its cookies and applications' stay apart, so it answers for itself only. */
export class SignOnHost {
  readonly origin: string;
  readonly host: string;

  constructor(url: string) {
    ({ origin: this.origin, host: this.host } = new URL(url));
  }

  /** Whether a request was sent to it. */
  is(host: string | undefined): boolean {
    return host?.toLowerCase() === this.host;
  }

  /** Where a provider sends people back to. */
  redirectUri(providerId: string): string {
    return `${this.origin}/sign-on/callback/${providerId}`;
  }
}

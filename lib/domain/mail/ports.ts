/** A mail of Annex's own to one person, as plain text. */
export interface Mail {
  /** One address, without a name. */
  readonly to: string;
  /** One line, at most 200 characters. */
  readonly subject: string;
  readonly text: string;
}

/** Sends mail from Annex's own address. */
export interface Mailer {
  /**
   * Hands the mail over; it is not yet with the person. Throws `invalid` for an address or subject that cannot be one, `throttled`,
   * `dependency_denied` and `dependency_failed`. A repeated try may send it twice.
   */
  send(mail: Mail): Promise<void>;
}

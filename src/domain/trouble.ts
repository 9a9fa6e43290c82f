export const troubleKinds = [
  "azure",
  // The scan of findings alone.
  "findings",
  "subscription",
  "channel",
  "held",
  "files",
  "unverified",
  "signatures",
  // Azure's answers have another shape than the one that is read.
  "unplaced",
  "field-vanished",
  // Values in Redis that could not be read, or that a newer version of the bot wrote.
  "stored",
  // A job that failed three times in a row.
  "job",
  // Redis answers no write: reported without the outbox.
  "unwritable",
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** Kinds that are about a channel, whose id is the name. */
export const ofChannels: readonly string[] = ["channel", "held", "files", "unverified"];

/** Something that does not work, or works again. */
export type TroubleEvent = {
  /** Names the trouble: `azure`, `channel:C1`, … */
  what: string;
  kind: TroubleKind;
  /** What a reader calls it: a channel, a subscription. */
  name: string;
  detail: string;
  /** The exact line that fixes it, where there is one. */
  command?: string;
  /** ISO. */
  since: string;
  /** ISO; set where it works again. */
  ended?: string;
};

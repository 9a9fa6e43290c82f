export type TroubleKind = "azure" | "subscription" | "channel" | "held" | "files" | "unverified";

/** Something that does not work, or works again. */
export type TroubleEvent = {
  /** Names the trouble: `azure`, `channel:C1`, … */
  what: string;
  kind: TroubleKind;
  /** What a reader calls it: a channel, a subscription. */
  name: string;
  detail: string;
  /** ISO. */
  since: string;
  /** ISO; set where it works again. */
  ended?: string;
};

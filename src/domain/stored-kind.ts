/** What is stored, in the words that `doctor` counts it by. */
export const storedKinds = [
  "alerts",
  "audit",
  "channels",
  "coverage",
  "enablements",
  "exemptions",
  "findings",
  "mutes",
  "once",
  "outbox",
  "readings",
  "simulations",
  "slots",
  "subscriptions",
  "trouble",
] as const;

export type StoredKind = (typeof storedKinds)[number];

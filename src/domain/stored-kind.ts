/** What is stored, in the words that `doctor` counts it by. */
export const storedKinds = [
  "alerts",
  "audit",
  "channels",
  "compliance",
  "coverage",
  "enablements",
  "exemptions",
  "findings",
  "hunts",
  "mutes",
  "once",
  "outbox",
  "readings",
  "recommendations",
  "simulations",
  "slots",
  "subscriptions",
  "trouble",
] as const;

export type StoredKind = (typeof storedKinds)[number];

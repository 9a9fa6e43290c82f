/**
 * What a reader of Azure's answers declares of itself. The reference page is made from it, and the drift alarm counts the
 * same fields.
 */
export type ReaderDeclaration = {
  /** Names the section of the page, and the reader in an alarm: `findings`. */
  reader: string;
  fields: readonly FieldDeclaration[];
};

/** One field. `sources`: where it is read from, in this order; `absent`: what follows where none of them has it. */
export type FieldDeclaration = {
  field: string;
  sources: readonly string[];
  absent: Record<"en" | "ja", string>;
};

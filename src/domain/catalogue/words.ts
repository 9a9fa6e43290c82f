/** A text of the catalogue in both languages, with Microsoft's own terms. */
export type Words = Record<"en" | "ja", string>;

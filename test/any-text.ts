import fc from "fast-check";

const character = fc
  .oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

/** Text of any characters, half surrogate pairs too: `fc.string({ unit: "binary" })` makes a table of them for seconds. */
export const anyText = (maxLength = 10): fc.Arbitrary<string> =>
  fc.array(character, { maxLength }).map((characters) => characters.join(""));

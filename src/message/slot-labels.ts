/**
 * Slots as the categories of a chart, as short as tells them apart: a day, a day and a minute, a second. Times are UTC, a
 * chart knows no reader's zone.
 */
export function slotLabels(slots: readonly string[]): string[] {
  const forms = [
    [5, 10],
    [5, 16],
    [5, 19],
  ] as const;
  const [from, to] =
    forms.find(([, end]) => new Set(slots.map((slot) => slot.slice(0, end))).size === slots.length) ??
    forms[2];
  return slots.map((slot) => slot.slice(from, to).replace("T", " "));
}

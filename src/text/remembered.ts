/** Answers that are remembered for each question. */
const mostAnswers = 30;

/**
 * Remembers what was made of a thing, for as long as the thing itself is there: people who ask the same of one reading
 * get the same answer without making it again.
 */
export function rememberedFor<Answer>(): (thing: object, question: string, make: () => Answer) => Answer {
  const known = new WeakMap<object, Map<string, Answer>>();
  return (thing, question, make) => {
    const answers = known.get(thing) ?? new Map<string, Answer>();
    const before = answers.get(question);
    if (before !== undefined) return before;
    const made = make();
    if (answers.size < mostAnswers) answers.set(question, made);
    known.set(thing, answers);
    return made;
  };
}

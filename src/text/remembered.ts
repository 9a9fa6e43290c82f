/**
 * Remembers what was made of a thing, for as long as the thing itself is there: people who ask the same of one reading
 * get the same answer without making it again. What could not be made is made again for the next one who asks.
 * @param most answers of one thing that are remembered; the oldest leaves first
 */
export function rememberedFor<Answer>(
  most = 30,
): (thing: object, question: string, make: () => Answer) => Answer {
  const known = new WeakMap<object, Map<string, Answer>>();
  return (thing, question, make) => {
    const answers = known.get(thing) ?? new Map<string, Answer>();
    known.set(thing, answers);
    const before = answers.get(question);
    if (before !== undefined) return before;
    const made = make();
    const oldest = answers.keys().next().value;
    if (answers.size >= most && oldest !== undefined) answers.delete(oldest);
    answers.set(question, made);
    if (made instanceof Promise) made.catch(() => answers.delete(question));
    return made;
  };
}

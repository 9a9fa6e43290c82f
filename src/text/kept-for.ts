/**
 * Reads anew at most once in so many milliseconds what hardly ever changes. What is empty isn't kept: the next one who
 * asks may get more.
 * @param now milliseconds
 */
export function keptFor<T, Asked>(
  ms: number,
  now: () => number,
  read: (asked: Asked) => Promise<T>,
  isEmpty: (value: T) => boolean,
): (asked: Asked) => Promise<T> {
  let last: { at: number; value: T } | undefined;
  return async (asked) => {
    const at = now();
    if (last && at - last.at < ms) return last.value;
    const value = await read(asked);
    if (!isEmpty(value)) last = { at, value };
    return value;
  };
}

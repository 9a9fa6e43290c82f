/** A memory that forgets everything when what it holds weighs too much: what is met again is read again. */
export function bounded<T, Key = string>(most: number) {
  let kept = new Map<Key, T>();
  let weight = 0;
  return {
    get: (key: Key): T | undefined => kept.get(key),
    /** Answers the value. */
    set(key: Key, value: T, weighs: number): T {
      if (weight + weighs > most) {
        kept = new Map();
        weight = 0;
      }
      weight += weighs;
      kept.set(key, value);
      return value;
    },
  };
}

/**
 * A memory by long texts, which are compared instead of hashed: a look at two places tells nearly all apart, and comparing
 * two equal texts is several times quicker than hashing one. `same`: whether what accompanies the text is the same.
 */
export function textMemory<T>(most: number) {
  const kept = bounded<{ text: string; value: T }[], number>(most);
  return {
    find: (text: string, same: (value: T) => boolean): T | undefined =>
      kept.get(glance(text))?.find((one) => one.text === text && same(one.value))?.value,
    /** Answers the value. */
    add(text: string, value: T, weighs: number): T {
      const key = glance(text);
      kept.set(key, [...(kept.get(key) ?? []), { text, value }], weighs);
      return value;
    },
  };
}

/** Its length, where a list of vulnerabilities names the first one, and where an id has its digest. */
function glance(text: string): number {
  let hash = text.length;
  for (let at = 10; at < 28 && at < text.length; at++) hash = Math.imul(hash, 31) + text.charCodeAt(at);
  for (let at = Math.max(0, text.length - 12); at < text.length; at++)
    hash = Math.imul(hash, 31) + text.charCodeAt(at);
  return hash;
}

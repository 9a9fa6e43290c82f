import type { Artifact } from "./finding.ts";

/** Two streams in ascending order of the key, as one: each key once, with what either stream has of it. */
export async function* inKeyOrder(
  before: AsyncIterable<Artifact> | Iterable<Artifact>,
  after: AsyncIterable<Artifact> | Iterable<Artifact>,
): AsyncGenerator<[Artifact | undefined, Artifact | undefined]> {
  const left = iteratorOf(before);
  const right = iteratorOf(after);
  let a = await left.next();
  let b = await right.next();
  while (!a.done || !b.done) {
    const [one, other] = [a.done ? undefined : a.value, b.done ? undefined : b.value];
    const both = one && other && one.key === other.key;
    if (both || !other || (one && one.key < other.key)) {
      yield both ? [one, other] : [one, undefined];
      a = await left.next();
      if (both) b = await right.next();
    } else {
      yield [undefined, other];
      b = await right.next();
    }
  }
}

type Steps = { next(): Promise<IteratorResult<Artifact>> | IteratorResult<Artifact> };

function iteratorOf(items: AsyncIterable<Artifact> | Iterable<Artifact>): Steps {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

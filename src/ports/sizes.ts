/** How long something is kept, in the words of both languages. */
export type Kept = { en: string; ja: string };

export type Size = { kind: string; keys: number; bytes: number; retention: Kept };

export type SizesPort = { sizes(): Promise<Size[]> };

/** A field is undefined where the server does not report it. `eviction`: its `maxmemory-policy`; `sync`: its `appendfsync`. */
export type Durability = { eviction?: string; appendOnly?: boolean; sync?: string };

export type DurabilityPort = { durability(): Promise<Durability> };

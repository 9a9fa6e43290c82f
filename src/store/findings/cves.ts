import { z } from "zod";
import type { KnownCves } from "../../domain/findings/model/cve-details.ts";
import type { CveDetail, CveReading } from "../../domain/findings/model/finding.ts";
import { severities } from "../../domain/severity.ts";
import type { CvesPort } from "../../ports/findings.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import type { Values } from "../values/read.ts";
import { deflated, inflated, newerForm } from "./pieces.ts";

/** An unknown severity and score. */
const none = -1;
const flag = z.literal([0, 1]);
/** Id, severity, withdrawn, day of publication, exploit, EPSS, CVSS. */
const row = z.tuple([
  z.string(),
  z.number(),
  flag,
  z.union([z.string(), z.literal(0)]),
  flag,
  z.number(),
  z.number(),
]);
type Row = z.infer<typeof row>;
const pieceShape = z.object({
  at: z.string(),
  refreshed: z.string().optional(),
  rows: z.array(row),
  absent: z.array(z.string()),
});
type Piece = z.infer<typeof pieceShape>;

/** After so many readings they are written as one. */
const mostPieces = 30;

/** Details of CVEs as a list of readings, the oldest first: a later one says it better. */
export function cvesPort(redis: RedisConnection, key: string, values: Values): CvesPort {
  async function pieces(): Promise<{ read: Piece[]; newer: boolean }> {
    const read: Piece[] = [];
    let newer = false;
    for (const piece of await redis.lrangeBuffer(key, 0, -1)) {
      // What cannot be read is read again from Azure.
      const form = newerForm(piece);
      newer ||= form !== undefined;
      if (form !== undefined) await values.note({ key, how: "item" }, form, "findings");
      else
        try {
          read.push(pieceShape.parse(JSON.parse(Buffer.from(await inflated(piece)).toString())));
        } catch {
          await values.move({ key, how: "item" }, piece, "findings", "not a piece of the details of CVEs");
        }
    }
    return { read, newer };
  }
  return {
    async cves() {
      return known((await pieces()).read);
    },
    async keepCves(reading, used) {
      const piece = await packed(reading);
      const full = (await redis.llen(key)) >= mostPieces;
      const { read, newer } = full ? await pieces() : { read: [], newer: false };
      // What a newer version of the bot wrote is not replaced.
      if (!full || newer) {
        await redis.rpush(key, piece);
        return;
      }
      const { cves, refreshed } = known(read);
      const kept = [...cves].filter(([id]) => used?.has(id) ?? true);
      const whole: CveReading = {
        refreshed,
        // The oldest: what is read again a little early does no harm.
        at: kept.map(([, { at }]) => at).sort()[0] ?? reading.at,
        details: kept.flatMap(([, { detail }]) => detail ?? []),
        absent: kept.flatMap(([id, { detail }]) => (detail ? [] : id)),
      };
      const transaction = redis
        .multi()
        .del(key)
        .rpush(key, await packed(whole), piece);
      for (const [error] of (await transaction.exec()) ?? []) if (error) throw error;
    },
  };
}

function known(pieces: readonly Piece[]): KnownCves {
  const cves = new Map<string, { at: string; detail?: CveDetail }>();
  for (const { at, rows, absent } of pieces) {
    for (const row of rows) cves.set(row[0], { at, detail: detailOf(row) });
    for (const id of absent) cves.set(id, { at });
  }
  // Where changes were never asked for, everything since the first reading may have some.
  const refreshed =
    pieces
      .flatMap((piece) => piece.refreshed ?? [])
      .sort()
      .at(-1) ?? pieces[0]?.at;
  return { ...(refreshed && { refreshed }), cves };
}

const packed = (reading: CveReading) => deflated(Buffer.from(JSON.stringify(pieceOf(reading))));

function pieceOf({ at, refreshed, details, absent }: CveReading): Piece {
  const rows = details.map(
    ({ id, severity, rejected, published, exploit, epss, cvss }): Row => [
      id,
      severity ? severities.indexOf(severity) : none,
      rejected ? 1 : 0,
      published ?? 0,
      exploit ? 1 : 0,
      epss ?? none,
      cvss ?? none,
    ],
  );
  return { at, ...(refreshed && { refreshed }), rows, absent };
}

function detailOf([id, severity, rejected, published, exploit, epss, cvss]: Row): CveDetail {
  const said = severities[severity];
  return {
    id,
    ...(said && { severity: said }),
    ...(rejected === 1 && { rejected: true as const }),
    ...(published !== 0 && { published }),
    exploit: exploit === 1,
    ...(epss >= 0 && { epss }),
    ...(cvss >= 0 && { cvss }),
  };
}

import type { Ports } from "../definitions/ports.ts";
import type { TroubleEvent } from "../domain/trouble.ts";
import type { Clock } from "../ports/process.ts";
import type { Publish, Trouble } from "../ports/slack.ts";

/**
 * Reports trouble once, and its end once. It goes to `access.admin`, or where no one is set there, to `channels`
 * of the trouble itself. Telling again changes nothing: the notification is named after the trouble and its beginning.
 */
export function troubleTeller(ports: {
  store: Pick<Ports["store"], "trouble">;
  publish: Publish;
  clock: Clock;
  admin: () => Promise<readonly string[]>;
}): Trouble {
  const { store, publish, clock } = ports;
  const send = async (event: TroubleEvent, channels: readonly string[]) => {
    const admins = await ports.admin();
    // A channel that cannot be posted to is no place to say so.
    const to = (admins.length > 0 ? admins : channels).filter(
      (channel) => event.what !== `channel:${channel}`,
    );
    if (to.length > 0) await publish("trouble", [event], { channels: to });
  };
  return {
    async tell({ what, kind, name, detail, command, since = clock.now(), channels = [] }) {
      const about = { since, detail: detail.slice(0, 500), kind, name, channels };
      const open = await store.trouble.open(what, about);
      if (open) await send({ what, kind, name, detail: open.detail, command, since: open.since }, channels);
    },
    async resolved(what) {
      const ended = await store.trouble.find(what);
      if (!ended) return;
      const { since, detail, kind, name, channels } = ended;
      await send({ what, kind, name, detail, since, ended: clock.now() }, channels);
      await store.trouble.close(what);
    },
  };
}

import { refuseView } from "../blocks/validate.ts";
import { type Block, withIds } from "../message.ts";
import { changed, nextId, type State, type View } from "../state.ts";
import { type Args, type Method, required, SlackRefusal, text, tier4 } from "./method.ts";

/** Modals. Source: docs.slack.dev "views.*" methods, "Modals". */

const triggerLife = 3000;
const stackHeight = 3;

/** A trigger lives three seconds and works once. */
function useTrigger(args: Args, state: State) {
  const id = text(args, "trigger_id") ?? text(args, "interactivity_pointer") ?? required(args, "trigger_id");
  const trigger = state.triggers.get(id);
  if (!trigger) throw new SlackRefusal("invalid_trigger_id");
  if (trigger.used) throw new SlackRefusal("exchanged_trigger_id");
  if (state.settings.clock() - trigger.issued > triggerLife) throw new SlackRefusal("expired_trigger_id");
  trigger.used = true;
  return trigger;
}

/** The view of a call, refused where Slack refuses it. */
export function viewContent(value: unknown, state: State): Partial<View> {
  if (value === undefined) throw new SlackRefusal("invalid_arguments");
  const refusal = refuseView(value, state.settings);
  if (refusal) throw new SlackRefusal(refusal.error, refusal);
  const given = value as Partial<View>;
  return { ...given, blocks: withIds(given.blocks as Block[]) };
}

export function createView(state: State, content: Partial<View>, user: string, previous?: View): View {
  const id = nextId(state, "V");
  const view: View = {
    type: "modal",
    callback_id: "",
    external_id: "",
    private_metadata: "",
    notify_on_close: false,
    clear_on_close: false,
    blocks: [],
    ...content,
    id,
    user,
    hash: nextId(state, "h"),
    root: previous?.root ?? id,
    previous: previous?.id,
    open: true,
    history: [],
  };
  state.views.set(id, view);
  changed(state);
  return view;
}

export function changeView(state: State, view: View, content: Partial<View>): void {
  view.history.push({ blocks: view.blocks, at: Date.now() });
  Object.assign(view, content, { hash: nextId(state, "h") });
  changed(state);
}

/** The view as Slack shows it to the app. */
export function viewOnTheWire(view: View, state: State, values: unknown = {}): Record<string, unknown> {
  const { user: _user, root, previous, open: _open, history: _history, ...shown } = view;
  return {
    ...shown,
    team_id: state.team.id,
    root_view_id: root,
    previous_view_id: previous ?? null,
    app_id: state.bot.app_id,
    bot_id: state.bot.bot_id,
    state: { values },
  };
}

function stackOf(state: State, root: string): View[] {
  return [...state.views.values()].filter((view) => view.root === root && view.open);
}

function answer(view: View, state: State) {
  return { ok: true, view: viewOnTheWire(view, state) };
}

/** An external id names one view at a time. */
function freeExternalId(content: Partial<View>, state: State, besides?: View): void {
  if (!content.external_id) return;
  for (const view of state.views.values())
    if (view.open && view !== besides && view.external_id === content.external_id)
      throw new SlackRefusal("duplicate_external_id");
}

export const views: Record<string, Method> = {
  "views.open": {
    perMinute: tier4,
    run(args, state) {
      const content = viewContent(args.view, state);
      freeExternalId(content, state);
      return answer(createView(state, content, useTrigger(args, state).user), state);
    },
  },
  "views.push": {
    perMinute: tier4,
    run(args, state) {
      const content = viewContent(args.view, state);
      const trigger = useTrigger(args, state);
      const from = trigger.view ? state.views.get(trigger.view) : undefined;
      if (!from?.open) throw new SlackRefusal("not_found");
      if (stackOf(state, from.root).length >= stackHeight) throw new SlackRefusal("push_limit_reached");
      return answer(createView(state, content, trigger.user, from), state);
    },
  },
  "views.update": {
    perMinute: tier4,
    run(args, state) {
      const content = viewContent(args.view, state);
      const id = text(args, "view_id");
      const external = text(args, "external_id");
      const view = [...state.views.values()].find(
        (one) => one.open && (one.id === id || (external && one.external_id === external)),
      );
      if (!view) throw new SlackRefusal("not_found");
      const hash = text(args, "hash");
      if (hash && hash !== view.hash) throw new SlackRefusal("hash_conflict");
      freeExternalId(content, state, view);
      changeView(state, view, content);
      return answer(view, state);
    },
  },
};

import type { ModalView } from "@slack/types";
import type { Form, Message } from "../../message/message.ts";
import { compileForm, compileLoading, compileModal } from "../render/view.ts";
import type { ReplyDeps, ReplyPlace } from "./place.ts";
import { patiently } from "./retry-wait.ts";

export type ReplyViews = {
  form(form: Form): Promise<boolean>;
  modal(message: Message & { title: string }): Promise<boolean>;
  openLoading(title: string): Promise<boolean>;
  /** The title of a view that still says "working", so that an answer can take its place. */
  loading(): string | undefined;
};

/** Modals: a trigger opens one within three seconds, once; what was opened is updated afterwards. */
export function replyViews(place: ReplyPlace, deps: ReplyDeps): ReplyViews {
  const { language, channel, thread, message } = place;
  const options = { language, timezone: deps.timezone, place: { channel, thread, message } };
  let trigger = place.trigger;
  let opened: string | undefined;
  let loading: string | undefined;
  const show = async (view: ModalView): Promise<boolean> => {
    try {
      if (opened) await patiently(() => deps.call("views.update", { view_id: opened, view }));
      else if (trigger) opened = await open(trigger, view);
      else return false;
      loading = undefined;
      return true;
    } catch (error) {
      // Closed meanwhile, too late, or refused: then a message says it.
      deps.log.info({ error }, "a modal could not be shown");
      // It must not say for ever that it is working.
      if (opened && loading !== undefined) {
        const elsewhere = compileLoading(loading, { ...options, says: "elsewhere" });
        await deps.call("views.update", { view_id: opened, view: elsewhere }).catch(() => undefined);
        loading = undefined;
      }
      return false;
    } finally {
      trigger = undefined;
    }
  };
  const open = async (trigger_id: string, view: ModalView): Promise<string> => {
    const method = place.view ? "views.push" : "views.open";
    const answer = await deps.call<{ view: { id: string } }>(method, { trigger_id, view });
    return answer.view.id;
  };
  return {
    async form(form) {
      const view = compileForm(form, options);
      return view ? show(view) : false;
    },
    modal: (content) => show(compileModal(content, options)),
    async openLoading(title) {
      if (!(await show(compileLoading(title, options)))) return false;
      loading = title;
      return true;
    },
    loading: () => loading,
  };
}

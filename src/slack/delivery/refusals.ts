import { UpstreamError } from "../../errors.ts";

/** What Slack's words for a refusal are about. Source: docs.slack.dev, errors of `chat.postMessage` and `chat.update`. */

/** A message that it will not take in this form. */
const form = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "invalid_attachments",
  "invalid_arguments",
  "invalid_payload",
  "no_text",
  "invalid_metadata_format",
  "metadata_too_large",
]);
const gone = new Set(["thread_not_found", "message_not_found", "cannot_reply_to_message"]);
/** Messages are taken in this channel, replies are not. */
const noReplies = new Set([
  "restricted_action_non_threadable_channel",
  "restricted_action_thread_locked",
  "thread_locked",
]);
/** Nothing can be done in the channel, or at all: an edit that they meet is worth waiting for. */
const channel =
  /^(channel_not_found|is_archived|not_in_channel|restricted_action.*|account_inactive|token_(revoked|expired)|invalid_auth|not_authed|missing_scope|no_permission|not_allowed_token_type|(team_)?access_(not_granted|denied)|accesslimited|org_login_required|ekm_access_denied|two_factor_setup_required|enterprise_is_restricted)$/;

export function isFormRefusal(error: unknown): boolean {
  return error instanceof UpstreamError && form.has(error.code);
}

/** The message, or the one above it, is no longer there. */
export function isGone(error: unknown): boolean {
  return error instanceof UpstreamError && gone.has(error.code);
}

export function takesNoReplies({ code }: UpstreamError): boolean {
  return noReplies.has(code);
}

export function isOfChannel({ code }: UpstreamError): boolean {
  return channel.test(code);
}

/**
 * Whether a refusal can mean that the workspace does not know this type of block. Where Slack gives reasons one of them
 * names the type; a table that breaks a limit says nothing about the next one.
 */
export function blames({ code, message }: UpstreamError, type: string): boolean {
  if (code === "msg_blocks_too_long" || code === "msg_too_long") return false;
  return !message.includes("json-pointer") || message.includes(type);
}

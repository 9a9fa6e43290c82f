/** Whether a conversation of Slack is someone's direct messages: their ids begin with D. */
export function isDirectMessage(channel: string): boolean {
  return channel.startsWith("D");
}

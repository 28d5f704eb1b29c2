// What the person does goes to the server here; what it makes of it comes with the next state.

import { showToast } from "./notices.js";

export const chat = new URLSearchParams(location.search).get("chat");

export async function post(what, body) {
  try {
    await fetch(`chats/${chat}/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    showToast("Not sent: there is no connection.");
  }
}

/**
 * `<mn-session-warning data-seconds data-extend-url data-csrf>`: says two minutes ahead that
 * the session will end, and keeps it with one press. Other tabs of the same session share
 * the clock, so that work in one keeps the other.
 */

import { make } from "./dom.ts";

const WARN_SECONDS = 120;
const SHARED = "minamo-session-seen";

export class SessionWarning extends HTMLElement {
  #timer = 0;
  #dialog: HTMLDialogElement | null = null;

  connectedCallback(): void {
    this.#touch();
    this.#timer = window.setInterval(() => this.#tick(), 1_000);
    document.addEventListener("htmx:afterRequest", this.#touch);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.#timer);
    document.removeEventListener("htmx:afterRequest", this.#touch);
  }

  get secondsLeft(): number {
    const seen = Number(localStorage.getItem(SHARED) ?? "0");
    return Math.ceil(seen + Number(this.dataset["seconds"] ?? "0") - Date.now() / 1_000);
  }

  #touch = (): void => {
    localStorage.setItem(SHARED, String(Date.now() / 1_000));
  };

  #tick(): void {
    const left = this.secondsLeft;
    if (left <= 0) {
      window.clearInterval(this.#timer);
      this.#ended();
    } else if (left <= WARN_SECONDS) {
      this.#warn();
    } else {
      this.#dialog?.close();
    }
  }

  #warn(): void {
    if (this.#dialog) return;
    const dialog = this.#open("あと2分で、サインアウトします", "しばらく操作がありませんでした。続けるときは「続ける」を押してください。入力した内容は消えていません。");
    const stay = make("button", "mn-button", "続ける");
    stay.type = "button";
    stay.addEventListener("click", () => void this.#extend());
    dialog.append(stay);
    dialog.showModal();
  }

  #ended(): void {
    this.#dialog?.close();
    const dialog = this.#open("サインアウトしました", "もう一度サインインすると、このページを開けます。画面に残っている文字は、先に写しておいてください。");
    const again = make("a", "mn-button", "サインインする");
    again.href = window.location.href;
    const close = make("button", "mn-button mn-button--second", "閉じて画面を見る");
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    dialog.append(again, close);
    dialog.showModal();
  }

  #open(title: string, text: string): HTMLDialogElement {
    const dialog = make("dialog", "mn-dialog");
    const heading = make("h2", "mn-h3", title);
    heading.id = "mn-session-title";
    dialog.setAttribute("aria-labelledby", heading.id);
    dialog.append(heading, make("p", "", text));
    dialog.addEventListener("close", () => {
      dialog.remove();
      this.#dialog = null;
    });
    document.body.append(dialog);
    this.#dialog = dialog;
    return dialog;
  }

  async #extend(): Promise<void> {
    try {
      const response = await fetch(this.dataset["extendUrl"] ?? "", {
        method: "POST",
        headers: { "X-CSRFToken": this.dataset["csrf"] ?? "", Accept: "application/json" },
        redirect: "error",
      });
      if (response.ok) this.#touch();
    } catch {
      // The clock runs on; the next press tries again.
      return;
    }
    this.#dialog?.close();
  }
}

export function sessionWarning(): void {
  if (!customElements.get("mn-session-warning")) {
    customElements.define("mn-session-warning", SessionWarning);
  }
}

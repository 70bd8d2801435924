// The page works without this file. With it, turns need no page load, new messages appear at once, and half-typed text
// is kept.

const FRAGMENT = "text/vnd.heard.fragment+html";
const place = document.getElementById("conversation");
const news = document.getElementById("news");
let busy = false; // a turn is being sent
let over = false; // the person is gone: this is the last that the page shows
let missed = false; // news came meanwhile
let asked = 0; // number of the latest request for the thread; older responses are dropped

const bar = document.querySelector(".bar");
const show = document.getElementById("show");

function say(what, first = null) {
  news.textContent = what ? news.dataset[what] : "";
  news.parentElement.toggleAttribute("data-told", Boolean(what));
  show.hidden = !first;
  show.onclick = first && (() => { say(""); showFrom(first); });
}

const question = () => document.getElementById("now");
const field = () => question()?.elements.namedItem("said") ?? null;

// ——— Requests ———

async function call(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { Accept: FRAGMENT }, cache: "no-store" });
  if (answer.ok && answer.headers.get("content-type")?.startsWith(FRAGMENT)) return answer.text();
  if (answer.ok || answer.status === 401 || answer.status === 403) {
    location.replace(answer.ok ? answer.url : "/");
    return new Promise(() => {}); // the page is unloading
  }
  throw new Error({ 413: "big", 429: "busy" }[answer.status] ?? "broken");
}

function formBody(form, button) {
  const words = new FormData(form);
  if (button?.name) words.append(button.name, button.value);
  if (place) words.append("has", newestLine());
  return form.enctype === "multipart/form-data" ? words : new URLSearchParams(words);
}

async function take(form, button) {
  if (busy) return;
  busy = true;
  const sent = { button: button?.value, words: form === question() && !button?.name };
  const slow = setTimeout(say, 400, "sending");
  form.setAttribute("aria-busy", "true");
  try {
    const html = await call(form.action, { method: "POST", body: formBody(form, button) });
    asked += 1;
    say("");
    swap(html, sent);
    if (form.isConnected && form !== question()) form.reset();
  } catch (why) {
    const what = why instanceof TypeError ? "offline" : why.message;
    say(field()?.value && `${what}Words` in news.dataset ? `${what}Words` : what);
  } finally {
    clearTimeout(slow);
    form.removeAttribute("aria-busy");
    busy = false;
    if (missed) look();
  }
}

async function look(address = place.dataset.thread) {
  missed = busy;
  if (busy || over) return;
  const mine = (asked += 1);
  try {
    const html = await call(address);
    if (mine === asked && !busy) swap(html, null);
  } catch {
    // The stream reconnects by itself, which loads the thread again.
  }
}

// ——— Updating the page ———

function swap(html, sent) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("conversation");
  over = "last" in (fresh?.dataset ?? {}); // nothing comes after it: a look would lead to the start, before this is read
  if (!fresh || (fresh.dataset.page !== place.dataset.page && !over)) {
    location.reload(); // another language or other rights change the whole page
    return;
  }
  fresh.querySelector("#new").remove(); // this page decides itself what is new
  renewTokens(fresh.dataset);
  const stays = atNewest() && !halfTyped();
  const stood = topOf(question());
  const came = swapThread(document.getElementById("thread"), fresh.querySelector("#thread"));
  const changed = swapQuestion(fresh.querySelector("#now"), sent);
  if (sent || (stays && (came || changed))) showFrom(came);
  else {
    const moved = topOf(question()) - stood;
    if (moved) scrollBy({ top: moved, behavior: "instant" }); // keep the question in place
    if (came || changed) say("new", came ?? question());
  }
}

function renewTokens(tokens) {
  for (const name of ["csrf", "once"]) {
    for (const input of document.querySelectorAll(`input[name="${name}"]`)) input.setAttribute("value", tokens[name]);
  }
}

// Updates the log entry by entry, so that a screen reader reads only what is new. Older entries that stay as they are come
// only as numbers. Returns the first new entry from Heard: not what the person did, nor the question that they have just
// answered.
function swapThread(log, fresh) {
  const entries = [...fresh.children];
  const stays = new Set(entries.map((entry) => entry.id));
  for (const key of (fresh.dataset.kept ?? "").split(" ")) stays.add(`m-${key}`);
  const answered = `m-${question()?.elements.namedItem("line").value}`;
  for (const old of [...log.children]) if (!stays.has(old.id)) old.remove();
  let came = null;
  for (const entry of entries) {
    const old = [...log.children].find((one) => one.id === entry.id);
    if (!old) {
      entry.classList.add("fresh");
      log.insertBefore(entry, [...log.children].find((one) => lineOf(one) > lineOf(entry)) ?? null);
      if (entry.matches(".heard") && entry.id !== answered) came ??= entry;
    } else if (!sameEntry(old, entry)) {
      entry.setAttribute("aria-live", "off"); // edited in place, so do not read it out again
      old.replaceWith(entry);
    }
  }
  return came;
}

const lineOf = (entry) => Number(entry.id.slice(2));

// The newest line that this page shows.
function newestLine() {
  const lines = [...document.getElementById("thread").children].map(lineOf);
  return Math.max(0, Number(question()?.elements.namedItem("line").value ?? 0), ...lines);
}

function sameEntry(old, fresh) {
  const was = old.cloneNode(true);
  was.classList.remove("fresh");
  was.removeAttribute("aria-live");
  return was.isEqualNode(fresh);
}

// Returns whether the question changed. `sent` is what this page sent; null if the update is news.
function swapQuestion(fresh, sent) {
  const old = question();
  if (!old || !fresh) {
    if (old) old.remove();
    if (fresh) place.append(fresh);
    return Boolean(old || fresh);
  }
  const kept = keep(old);
  // A remark is read out every time.
  const changed = !sameQuestion(old, fresh) || Boolean(sent && fresh.querySelector("#remark"));
  if (changed) old.replaceWith(fresh);
  else if (sent?.words) field().value = field().defaultValue;
  if (changed && (!sent || (kept.visit === fresh.dataset.visit && !sent.words))) giveBack(kept);
  // A toggled option keeps the focus, and so does text that came back; any other turn moves it to the new question.
  const back = sent?.words && field()?.value ? field() : null;
  if (back) asIfTyped(back);
  if (sent) (find(sent.button) ?? back ?? find("question"))?.focus({ preventScroll: true });
  return changed;
}

// Text that came back counts as half-typed, so that the next update does not empty the field.
function asIfTyped(said) {
  const words = said.value;
  said.defaultValue = "";
  said.value = words;
}

function sameQuestion(old, fresh) {
  const was = old.cloneNode(true);
  was.removeAttribute("aria-busy");
  const box = was.querySelector("details");
  if (box) {
    box.open = false;
    box.hidden = fresh.querySelector("details")?.hidden ?? false;
  }
  return was.isEqualNode(fresh);
}

const nameOf = (part) => part.id || part.value || part.localName;
const find = (name) => [...question().querySelectorAll("[id], button, summary, a")].find((part) => name && nameOf(part) === name);

function keep(form) {
  const said = field();
  const focus = form.contains(document.activeElement) ? document.activeElement : null;
  return {
    visit: form.dataset.visit,
    text: said && said.value !== said.defaultValue ? said.value : "",
    open: form.querySelector("details")?.open ?? false,
    focus: focus && nameOf(focus),
    caret: focus && focus === said ? [said.selectionStart, said.selectionEnd] : null,
  };
}

function giveBack({ text, open, focus, caret }) {
  const said = field();
  const box = said?.closest("details");
  if (said && text) said.value = text;
  if (box) box.open = box.open || open || Boolean(text);
  if (box && text) box.hidden = false;
  const target = find(focus);
  target?.focus({ preventScroll: true });
  if (caret && target === said) said.setSelectionRange(...caret);
}

// ——— Scrolling ———

const topOf = (part) => part?.getBoundingClientRect().top ?? 0;
const atNewest = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 240;
const halfTyped = () => Boolean(field() && field().value !== field().defaultValue);

// Shows everything from the first new entry to the end of the question if it fits on the screen; else from its top.
function showFrom(first) {
  const form = question();
  const from = first ?? form;
  if (!from) return;
  for (const picture of place.querySelectorAll("img")) {
    if (!picture.complete) picture.addEventListener("load", () => showFrom(first), { once: true }); // loading changes its height
  }
  const covered = getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
  const top = from.getBoundingClientRect().top;
  const bottom = (form ?? from).getBoundingClientRect().bottom;
  if (bottom - top > innerHeight - covered - 32 || top < covered) from.scrollIntoView({ block: "start" });
  else if (bottom > innerHeight) (form ?? from).scrollIntoView({ block: "end" });
}

// ——— New messages ———

const WAIT = 20_000; // milliseconds, and up to as many again, so that not all pages come back at once

function listen() {
  let stream = null;
  let later = 0;
  let away = document.hidden; // news may have come meanwhile
  const open = () => {
    if (over) return;
    stream = new EventSource(place.dataset.stream);
    stream.addEventListener("message", () => look());
    stream.addEventListener("open", () => {
      if (away) look();
      away = true;
    });
    // A browser connects again by itself, but not if it was refused: there are too many pages, or a worker is starting.
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) later = setTimeout(comeBack, WAIT * (1 + Math.random()));
    });
  };
  const comeBack = () => { look(); open(); };
  const close = () => { clearTimeout(later); stream?.close(); };
  // A browser opens only six connections to one host, so a hidden page leaves them to the others.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted && !document.documentElement.hidden) location.reload(); });
  if (!document.hidden) open();
}

// ——— A shared device ———

function watchTheTime(minutes) {
  const still = document.getElementById("still");
  let last = Date.now();
  let told = Date.now();
  const here = () => {
    last = Date.now();
    still.hidden = true;
    if (last - told < 60_000) return;
    told = last;
    look(`${place.dataset.thread}?here=1`); // restarts the idle time on the server
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, here);
  setInterval(() => {
    const idle = (Date.now() - last) / 60_000;
    still.hidden = idle < minutes - 1;
    if (idle >= minutes) leaveFor("/");
  }, 1_000);
}

function leaveFor(address) {
  document.body.hidden = true; // at once, even if the next page loads slowly
  location.replace(address);
}

// Somebody who comes back with Back is asked first: see left.js.
function leave(address) {
  try { sessionStorage.setItem("left", ""); } catch { /* then Back works as usual */ }
  leaveFor(address);
}

// ——— Copying and sharing ———

const root = document.documentElement;
root.classList.toggle("can-copy", Boolean(navigator.clipboard));
root.classList.toggle("can-share", Boolean(navigator.share));

async function pass(button) {
  const { copy, share } = button.dataset;
  const address = document.getElementById(copy ?? share).value;
  try {
    if (share) await navigator.share({ url: address });
    else await navigator.clipboard.writeText(address);
    if (copy) say("copied");
  } catch {
    document.getElementById(copy ?? share).select(); // so that it can be copied by hand
  }
}

// ——— On every page ———

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leave]");
  if (link) {
    event.preventDefault();
    leave(link.dataset.leave);
  }
  const passed = event.target.closest("[data-copy], [data-share]");
  if (passed) pass(passed);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.leave) {
    event.preventDefault();
    fetch(form.action, { method: "POST", body: formBody(form), keepalive: true }).catch(() => {});
    leave(form.dataset.leave);
  } else if (place && "turn" in form.dataset && event.submitter) {
    event.preventDefault();
    const menu = form.closest("details.menu");
    if (menu) menu.open = false;
    take(form, event.submitter);
  }
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("input[readonly]")) event.target.select();
});

if (place) {
  const mark = document.getElementById("new");
  const first = mark.closest("article");
  mark.remove();
  showFrom(first);
  listen();
  if (Number(place.dataset.minutes)) watchTheTime(Number(place.dataset.minutes));
}

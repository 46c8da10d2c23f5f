// @ts-check
'use strict';
// Decisions of a review that a server keeps: what it has not answered for is
// not shown as decided.

const GONE = 'The server does not answer. What is shown as decided is saved; nothing else is. Start “textmend review --web” again, and open the address it prints.';
const LOCKED = 'The server does not know this page any more. What is shown as decided is saved; nothing else is. Open the address that “textmend review --web” printed when it was started last.';

/** What went wrong, in words for the person. */
class Refusal extends Error {}

/** @param {string} path @param {object} [body] @returns {Promise<Response>} */
async function ask(path, body) {
  /** @type {RequestInit} */
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, body ? post : {});
  } catch {
    throw new Refusal(GONE);
  }
  if (answer.status === 403) throw new Refusal(LOCKED);
  if (!answer.ok) throw new Refusal((await answer.text()) || 'The server refused: ' + answer.status);
  return answer;
}

/**
 * How the review stands, after what was asked is done.
 * @typedef {object} Standing
 * @property {{repairs: number, open: number, decided: number}[]} documents
 * @property {number[]} changed The documents that look different now.
 * @property {Undone | null} undone What was taken back.
 * @property {number} stale Decisions whose text has changed, so that they are not obeyed.
 */

/** @param {Standing} standing */
async function take({ documents, changed, stale }) {
  const old = byId('stale');
  old.hidden = !stale;
  old.textContent = `${stale} stale`;
  /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('#documents li')).forEach((item, number) => {
    const standing = documents[number];
    if (standing) list(item, standing.repairs, standing.open);
  });
  totals = documents;
  for (const number of changed) {
    const old = document.getElementById('d' + number);
    if (old && !old.hidden) await fetchDocument(number, old);
    else if (old) old.remove();
  }
  recount();
}

/** Takes in what was decided elsewhere. */
async function catchUp() {
  /** @type {Standing} */
  const standing = await (await ask('/api/documents')).json();
  const known = totals || [];
  const differs = standing.documents.map((one, number) => JSON.stringify(one) !== JSON.stringify(known[number]));
  const changed = differs.flatMap((is, number) => (is ? [number] : []));
  if (!changed.length) return;
  await take({ ...standing, changed });
  if (asked && !asked.isConnected) turnTo(null);
}

/** @returns {Store} */
function serverStore() {
  return {
    async decide({ entry, decision, scope = 'occurrence', text, note }) {
      const number = Number(sectionOf(entry).id.slice(1));
      const { id, ruleId: rule, status } = entry.dataset;
      if (status === 'note') {
        const answer = await ask('/api/tick', { document: number, note_id: id, done: decision === 'done' });
        return take(await answer.json());
      }
      const target = scope === 'rule' ? { rule } : { id };
      const answer = await ask('/api/decide', { document: number, ...target, decision, scope, text, note: note || undefined });
      return take(await answer.json());
    },
    async undo() {
      /** @type {Standing} */
      const standing = await (await ask('/api/undo', {})).json();
      await take(standing);
      return standing.undone;
    },
  };
}

/**
 * Brings in a document, in the place of what was shown of it.
 * @param {number} number @param {HTMLElement} [old] @returns {Promise<HTMLElement>}
 */
async function fetchDocument(number, old) {
  const text = await (await ask('/api/documents/' + number)).text();
  // Markup of our own server; a parsed document runs nothing.
  const parsed = new DOMParser().parseFromString(text, 'text/html').querySelector('.document');
  if (!(parsed instanceof HTMLElement)) throw new Refusal('The server sent no document.');
  const fresh = document.importNode(parsed, true);
  if (!old) {
    byId('sections').append(fresh);
    dress(fresh);
    return fresh;
  }
  const [anchor, top] = topRow(old);
  keepBoxes(old, fresh);
  fresh.hidden = old.hidden;
  old.replaceWith(fresh);
  dress(fresh);
  const row = anchor && rowAt(fresh, anchor);
  if (row) scrollBy(0, row.getBoundingClientRect().top - top);
  return fresh;
}

/** The line of the source that stands on top of the window, and where. @param {HTMLElement} section @returns {[number, number]} */
function topRow(section) {
  const rows = all(section, '.row');
  const edge = byId('bar').offsetHeight;
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().bottom <= edge) low = middle + 1;
    else high = middle;
  }
  for (const row of rows.slice(low)) {
    const line = row.querySelector('.source')?.getAttribute('data-line');
    if (line) return [Number(line), row.getBoundingClientRect().top];
  }
  return [0, 0];
}

/** @param {HTMLElement} section @param {number} line */
function rowAt(section, line) {
  const rows = all(section, '.source[data-line]').filter((cell) => Number(cell.dataset.line) <= line);
  return rows.length ? rows[rows.length - 1].parentElement : null;
}

/** Leaves boxes, panels and lists as a person left them. @param {HTMLElement} old @param {HTMLElement} fresh */
function keepBoxes(old, fresh) {
  /** @param {HTMLInputElement} box */
  const nameOf = (box) => {
    const rule = box.dataset.rule === undefined ? '' : box.parentElement?.textContent?.trim();
    return [box.type, box.className, box.dataset.status, box.dataset.sure, rule, box.type === 'radio' && box.value].join();
  };
  const boxes = '.views input, .only input, aside input:not(.tick)';
  const set = new Map(inputs(old, boxes).map((box) => [nameOf(box), box.checked]));
  for (const box of inputs(fresh, boxes)) box.checked = set.get(nameOf(box)) ?? box.checked;
  const open = all(old, '.panel').map((panel) => /** @type {HTMLDetailsElement} */ (panel).open);
  all(fresh, '.panel').forEach((panel, at) => (/** @type {HTMLDetailsElement} */ (panel).open = open[at]));
}

// @ts-check
'use strict';
// Goes through repairs and notes one by one, and asks the store to keep what is
// decided of them.

const live = document.body.hasAttribute('data-live');
const local = live ? null : pageStore();
/** @type {Store} */
const store = local || serverStore();
const dock = /** @type {HTMLFormElement} */ (byId('dock'));
const remark = /** @type {HTMLInputElement} */ (byId('remark'));
const own = /** @type {HTMLTextAreaElement} */ (dock.querySelector('textarea'));
const everywhere = /** @type {HTMLInputElement} */ (byId('everywhere'));

/** What is asked about. @type {HTMLElement | null} */
let asked = null;
/** What a server counts; a page that stands alone counts for itself. @type {{repairs: number, open: number, decided: number}[] | null} */
let totals = null;
/** What a person does not want to be asked now. @type {Set<string>} */
const skipped = new Set();
/** @param {HTMLElement} entry */
const keyOf = (entry) => sectionOf(entry).dataset.path + ' ' + entry.dataset.id;

const WORDS = /** @type {Record<string, string>} */ ({ accept: '✓ accepted', reject: '✕ rejected', edit: '✎ edited', done: '✓ done' });

/** @param {string} text */
function say(text) {
  const place = dock.querySelector('.told');
  if (place) place.textContent = text;
  measure();
}

/** Shows on its marks what was decided of an entry. @param {HTMLElement} entry */
function paint(entry) {
  const { item, decision } = entry.dataset;
  for (const mark of marksOf(entry)) {
    if (itemsOf(mark)[0] !== item) continue;
    if (decision) mark.dataset.decision = decision;
    else delete mark.dataset.decision;
  }
  const tick = entry.querySelector('.tick');
  if (tick instanceof HTMLInputElement) tick.checked = decision === 'done';
}

/** Makes a document that has come in ready. @param {HTMLElement} section */
function dress(section) {
  for (const entry of indexOf(section).order) if (entry.dataset.decision) paint(entry);
  refilter(section);
}

/** @param {HTMLElement} item @param {number} repairs @param {number} open */
function list(item, repairs, open) {
  const [count, left] = all(item, '.count, .left');
  count.textContent = String(repairs);
  left.textContent = open ? String(open) : '✓';
}

/** Tells how far the review is. */
function recount() {
  if (!live) {
    totals = sections().map((section) => {
      const repairs = indexOf(section).order.filter((entry) => entry.dataset.status !== 'note');
      const open = repairs.filter(isOpen).length;
      return { repairs: repairs.length, open, decided: repairs.filter((entry) => entry.dataset.decision).length };
    });
    const standings = totals;
    all(document, '#documents li').forEach((item, at) => list(item, standings[at].repairs, standings[at].open));
  }
  const sum = { open: 0, decided: 0 };
  for (const one of totals || []) {
    sum.open += one.open;
    sum.decided += one.decided;
  }
  const bar = /** @type {HTMLProgressElement} */ (document.querySelector('#bar progress'));
  bar.max = Math.max(1, sum.open + sum.decided);
  bar.value = sum.open ? sum.decided : bar.max;
  const words = document.querySelector('#bar .progress span');
  if (words) words.textContent = sum.open ? `${sum.decided} decided, ${sum.open} to decide` : `${sum.decided} decided, none left`;
}

/** The entries that are gone through in a document. @param {HTMLElement} section */
function queue(section) {
  const filter = filterOf(section);
  const notes = filter.which === 'all';
  return indexOf(section).order.filter((entry) => (notes || entry.dataset.status !== 'note') && asks(filter, entry));
}

/** Asks about an entry. @param {HTMLElement | null} entry @param {boolean} [scroll] */
function turnTo(entry, scroll = true) {
  if (asked) for (const mark of marksOf(asked)) mark.classList.remove('at');
  if (asked) asked.removeAttribute('aria-current');
  asked = entry;
  remark.value = '';
  everywhere.checked = false;
  unlight();
  lay();
  if (!entry) return;
  const marks = marksOf(entry);
  for (const mark of marks) mark.classList.add('at');
  entry.setAttribute('aria-current', 'true');
  const place = marks.find(laidOut);
  if (!scroll) return;
  pulse(place);
  if (place) place.focus({ preventScroll: true });
  const aside = entry.closest('aside');
  if (aside && laidOut(entry) && aside.scrollHeight > aside.clientHeight) entry.scrollIntoView({ block: 'nearest' });
}

/**
 * What two texts have in common, and what only one of them has: a longest
 * common subsequence, or of long texts what they begin and end with.
 * @param {string[]} a @param {string[]} b @returns {{tag: '' | 'del' | 'ins', text: string}[]}
 */
function compare(a, b) {
  const least = Math.min(a.length, b.length);
  let [start, end] = [0, 0];
  while (start < least && a[start] === b[start]) start += 1;
  while (end < least - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const width = right.length + 1;
  const small = left.length * right.length < 400_000;
  const common = new Uint16Array(small ? (left.length + 1) * width : 0);
  for (let i = left.length - 1; small && i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const [down, across] = [common[(i + 1) * width + j], common[i * width + j + 1]];
      common[i * width + j] = left[i] === right[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(down, across);
    }
  }
  /** @type {{tag: '' | 'del' | 'ins', text: string}[]} */
  const parts = [{ tag: '', text: a.slice(0, start).join('') }];
  /** @param {'' | 'del' | 'ins'} tag @param {string} text */
  const add = (tag, text) => {
    const last = parts[parts.length - 1];
    if (last.tag === tag) last.text += text;
    else parts.push({ tag, text });
  };
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (small && i < left.length && j < right.length && left[i] === right[j]) {
      add('', left[i]);
      [i, j] = [i + 1, j + 1];
    } else if (i < left.length && (j === right.length || !small || common[(i + 1) * width + j] >= common[i * width + j + 1])) add('del', left[i++]);
    else add('ins', right[j++]);
  }
  add('', a.slice(a.length - end).join(''));
  return parts.filter((part) => part.text);
}

/** Shows what stands there and what would, in one piece. @param {HTMLElement} copy @param {HTMLElement} entry */
function showChange(copy, { dataset }) {
  const line = document.createElement('span');
  line.className = 'change';
  for (const { tag, text } of compare([...(dataset.before || '')], [...(dataset.after || '')])) {
    const part = document.createElement(tag || 'span');
    part.textContent = tag ? text.replaceAll(' ', '\u2423').replaceAll('\n', '\u21b5').replaceAll('\u3000', '\u25a1') : text;
    line.append(part);
  }
  for (const old of copy.querySelectorAll('.change')) old.remove();
  copy.append(line);
}

/** Lays out what is asked. */
function lay() {
  const place = /** @type {HTMLElement} */ (dock.querySelector('.asked'));
  const section = chosen();
  dock.classList.remove('editing');
  const note = asked?.dataset.status === 'note';
  for (const button of all(dock, '.keys button, .rest, .with')) {
    const does = button.dataset.do;
    const walks = does === 'next' || does === 'previous';
    button.hidden = !walks && (!asked || (does === 'tick' ? !note : note));
    if (does === 'edit' && asked && asked.dataset.cut !== undefined) button.hidden = true;
  }
  const phrase = asked?.dataset.phrase;
  const wide = /** @type {HTMLElement} */ (dock.querySelector('.everywhere'));
  wide.hidden = !phrase;
  const quoted = wide.querySelector('bdi');
  if (quoted) quoted.textContent = phrase || '';
  wide.title = 'The same rule making this change wherever it meets these words: ' + phrase;
  if (asked) {
    const entries = section ? queue(section) : [];
    const at = entries.indexOf(asked);
    const where = document.createElement('span');
    where.className = 'where';
    const name = sections().length + all(document, '#documents li').length > 1 ? sectionOf(asked).dataset.path : '';
    where.textContent = [WORDS[asked.dataset.decision || ''], name, at < 0 ? '' : `${at + 1} of ${entries.length}`].filter(Boolean).join(' · ');
    const copy = told(asked);
    (copy.querySelector('.head') || copy).append(where);
    if (!note) showChange(copy, asked);
    place.replaceChildren(copy);
    const tick = dock.querySelector('[data-do="tick"] span');
    if (tick) tick.textContent = asked.dataset.decision ? 'not done' : 'done';
  } else if (section) {
    const left = queue(section);
    const kept = left.filter((entry) => skipped.has(keyOf(entry))).length;
    const { which, words } = filterOf(section);
    const what = which === 'open' ? 'to decide' : which === 'decided' ? 'decided' : 'to look at';
    const says = left.length ? `${left.length} ${what}${kept ? `, ${kept} skipped` : ''}: press n or ↓` : `Nothing ${what} here${words ? ' that matches' : ''}.`;
    const line = document.createElement('p');
    line.textContent = says + (left.length || !elsewhere() ? '' : ' The next document has more: press n or ↓.');
    place.replaceChildren(line);
  }
  measure();
}

/** The next document with something to decide. */
function elsewhere() {
  const links = /** @type {HTMLAnchorElement[]} */ (all(document, '#documents a'));
  const now = links.findIndex((link) => link.hasAttribute('aria-current'));
  const rest = [...links.slice(now + 1), ...links.slice(0, Math.max(0, now))];
  return rest.find((link) => (totals || [])[links.indexOf(link)]?.open) || null;
}

/** Goes to the next entry, or to the one before. @param {number} step */
async function walk(step) {
  const section = chosen();
  if (!section) return;
  const { places } = indexOf(section);
  const entries = queue(section);
  /** @param {HTMLElement} entry */
  const placeOf = (entry) => places.get(entry) ?? -1;
  const from = asked && places.get(asked);
  const found = from === undefined || from === null
    ? entries.at(step > 0 ? 0 : -1)
    : step > 0
      ? entries.find((entry) => placeOf(entry) > from) || entries[0]
      : entries.findLast((entry) => placeOf(entry) < from) || entries.at(-1);
  const next = elsewhere();
  if (found) turnTo(found);
  else if (next) next.click();
  else turnTo(null);
}

/** Goes on after a decision, past what was skipped. @param {number} from Where the last one began. @param {string} [id] The last one. */
function advance(from, id) {
  const section = chosen();
  if (!section) return;
  const entries = queue(section).filter((entry) => !skipped.has(keyOf(entry)) && entry.dataset.id !== id);
  turnTo(entries.find((entry) => Number(entry.dataset.at) >= from) || entries[0] || null);
}

/** Decides what is asked. @param {string} decision @param {Partial<Wish>} [more] @param {HTMLElement | null} [entry] */
async function decide(decision, more = {}, entry = asked) {
  const section = chosen();
  if (!entry || !section) return;
  const { at, id, status } = entry.dataset;
  const goOn = entry === asked;
  const kept = asked?.dataset.id;
  const scope = goOn && everywhere.checked ? 'phrase' : 'occurrence';
  await store.decide({ entry, decision, scope, note: goOn ? remark.value.trim() : '', ...more });
  settle();
  say('');
  if (goOn && status !== 'note') return advance(Number(at), id);
  // A server may have brought in the document anew.
  const now = chosen();
  const same = now && kept && indexOf(now).order.find((one) => one.dataset.id === kept);
  turnTo(same || null, false);
}

/** Brings counts and filters up to date. */
function settle() {
  const section = chosen();
  if (section) refilter(section);
  recount();
}

async function undo() {
  const undone = await store.undo();
  settle();
  say(undone ? 'Taken back.' : 'There is nothing to take back.');
  const section = chosen();
  if (!section) return;
  // Back to what it was about.
  const back = undone && section.dataset.path === undone.document && indexOf(section).order.find((entry) => entry.dataset.id === undone.id);
  turnTo(back || (asked && asked.isConnected ? asked : null), Boolean(back));
}

/** @param {boolean} whole Whether the rest of its rule is skipped too. */
function skip(whole) {
  const section = chosen();
  if (!asked || !section) return;
  const { rule, at, id } = asked.dataset;
  const entries = whole ? queue(section).filter((entry) => entry.dataset.rule === rule) : [asked];
  for (const entry of entries) skipped.add(keyOf(entry));
  advance(Number(at), id);
}

function edit() {
  if (!asked || asked.dataset.status === 'note' || asked.dataset.cut !== undefined) return;
  dock.classList.add('editing');
  own.value = asked.dataset.after || '';
  measure();
  own.focus();
}

/** Shows that something is not saved. @param {unknown} problem */
function fail(problem) {
  const place = byId('alert');
  const words = place.querySelector('p');
  if (words) words.textContent = problem instanceof Refusal ? problem.message : 'Something went wrong in this page: ' + problem;
  place.hidden = false;
  measure();
}

let turn = Promise.resolve();
/** What a person asks for is done in the order in which they asked. @param {() => unknown} work */
function inTurn(work) {
  turn = turn.then(async () => {
    dock.setAttribute('aria-busy', 'true');
    try {
      await work();
    } catch (problem) {
      fail(problem);
    }
    dock.removeAttribute('aria-busy');
  });
}

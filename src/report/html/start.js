// @ts-check
'use strict';
// Keys, buttons and boxes, and how the page begins.

/** @type {Record<string, () => unknown>} */
const DOES = {
  accept: () => decide('accept'),
  reject: () => decide('reject'),
  tick: () => decide(asked?.dataset.decision ? 'open' : 'done'),
  'accept-rule': () => decide('accept', { scope: 'rule' }),
  'reject-rule': () => decide('reject', { scope: 'rule' }),
  skip: () => skip(false),
  'skip-rule': () => skip(true),
  edit,
  cancel: lay,
  undo,
  next: () => walk(1),
  previous: () => walk(-1),
  help: () => /** @type {HTMLDialogElement} */ (byId('help')).showModal(),
  export: () => local && save('textmend.decisions.jsonl', local.lines()),
  retry: () => location.reload(),
};

/** @type {Record<string, string>} */
const KEYS = {
  a: 'accept', r: 'reject', s: 'skip', A: 'accept-rule', R: 'reject-rule', S: 'skip-rule',
  e: 'edit', u: 'undo', n: 'next', j: 'next', p: 'previous', k: 'previous', '?': 'help',
};

/** All of a rule, from its line in the table. @param {HTMLElement} button @param {string} decision */
function ofRule(button, decision) {
  const entry = indexOf(sectionOf(button)).order.find((one) => one.dataset.rule === button.dataset.of);
  return decide(decision, { scope: 'rule' }, entry);
}

/** Shows the place that the address names. */
async function follow() {
  const name = location.hash.slice(1);
  const number = Number((/^d(\d+)/.exec(name) || [])[1] || 0);
  let section = document.getElementById('d' + number);
  if (!section && live) section = await fetchDocument(number);
  if (!section) return;
  if (section !== chosen() || sections().length > 1) choose(section);
  if (!asked || sectionOf(asked) !== section) turnTo(null);
  const target = document.getElementById(name);
  if (target && target !== section) target.scrollIntoView();
  else if (target) scrollTo(0, 0);
}

document.addEventListener('pointerover', (event) => {
  const mark = markAt(event);
  const entry = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest('aside .item')) : null;
  if (mark && matchMedia('(hover: hover)').matches) explain(mark);
  else if (entry) light(sectionOf(entry), [entry.dataset.item || '']);
  else unlight();
});
document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return;
  const target = event.target;
  const mark = markAt(event);
  const button = /** @type {HTMLElement | null} */ (target.closest('button[data-do]'));
  const entry = /** @type {HTMLElement | null} */ (target.closest('aside .item'));
  if (button && button.dataset.of) {
    const decision = button.dataset.do === 'accept-all' ? 'accept' : 'reject';
    inTurn(() => ofRule(button, decision));
  } else if (button) {
    inTurn(DOES[button.dataset.do || '']);
  } else if (target instanceof HTMLInputElement && target.matches('.tick') && entry) {
    // It shows what is kept, which it is not yet.
    event.preventDefault();
    inTurn(() => decide(entry.dataset.decision ? 'open' : 'done', {}, entry));
  } else if (mark && getSelection()?.isCollapsed) {
    const found = indexOf(sectionOf(mark)).entries.get(itemsOf(mark)[0]);
    turnTo(found || null, false);
    const partner = partnerOf(mark);
    if (partner) pulse(partner);
  } else if (entry && marksOf(entry).some(laidOut)) {
    event.preventDefault();
    turnTo(entry);
  }
});
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
  if (document.querySelector('dialog[open]')) return;
  const typing = event.target.matches('textarea, input:not([type=checkbox], [type=radio])');
  const mark = markAt(event);
  if (event.key === 'Escape') {
    if (event.target instanceof HTMLElement && typing) event.target.blur();
    unlight();
    lay();
  } else if (typing) {
    return;
  } else if (event.key === 'Enter' && mark) {
    pulse(partnerOf(mark));
  } else if (event.key === '/') {
    event.preventDefault();
    byId('words').focus();
  } else if (KEYS[event.key]) {
    event.preventDefault();
    const note = asked?.dataset.status === 'note';
    inTurn(() => DOES[event.key === 'a' && note ? 'tick' : KEYS[event.key]]());
  }
});
dock.addEventListener('submit', (event) => {
  event.preventDefault();
  if (dock.classList.contains('editing')) inTurn(() => decide('edit', { text: own.value, scope: 'occurrence' }));
});
own.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) dock.requestSubmit();
});
/** Goes through other entries than before. */
function change() {
  for (const section of sections()) filters.delete(section);
  const section = chosen();
  if (!section) return;
  refilter(section);
  turnTo(asked && asks(filterOf(section), asked) ? asked : null, false);
}
document.addEventListener('change', (event) => {
  if (event.target instanceof Element && event.target.matches('[data-status], [data-rule], [data-sure], [name="which"]')) change();
});
let typed = 0;
byId('words').addEventListener('input', () => {
  clearTimeout(typed);
  typed = setTimeout(change, 150);
});
byId('words').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  clearTimeout(typed);
  change();
  byId('words').blur();
  inTurn(() => walk(1));
});
// Another window, or the terminal, may have decided meanwhile.
if (live) addEventListener('focus', () => inTurn(catchUp));
addEventListener('hashchange', () => inTurn(follow));
addEventListener('resize', measure);
addEventListener('scroll', () => { if (!tip.hidden) unlight(); }, { passive: true });

document.documentElement.classList.add('with-script');
if (matchMedia('(max-width: 1000px)').matches) {
  for (const panel of all(document, '.panel[open], #documents details[open]')) panel.removeAttribute('open');
}
if (local) {
  local.load();
  for (const section of sections()) dress(section);
  recount();
}
inTurn(async () => {
  if (live) await take({ ...(await (await ask('/api/documents')).json()), changed: [] });
  await follow();
});

(() => {
  const nameOf = control => control.closest('tr')?.getAttribute('data-param-name')
    ?? (control.classList.contains('examples-select-element') ? 'Example' : control.placeholder);
  const mend = () => {
    const page = document.getElementById('swagger-ui');
    if (page && !document.querySelector('nav.site')) {
      page.insertAdjacentHTML('beforebegin', '<nav class="site" aria-label="Site"><ul><li><a href="/">Start</a></li>'
        + '<li><a href="/docs/guide">Guide</a></li><li><a href="/problems">Problems</a></li>'
        + '<li><a href="#operations">Skip to the operations</a></li></ul></nav>');
    }

    for (const [part, name] of [['.information-container', 'About the service'], ['.scheme-container', 'Authorization'],
      ['.filter-container', 'Filter']]) {
      const region = document.querySelector(part + ':not([role])');
      region?.setAttribute('role', 'region');
      region?.setAttribute('aria-label', name);
    }

    // a link within a button has the address of the button's operation, which unfolding sets as well
    for (const link of document.querySelectorAll('button a[href]')) link.removeAttribute('href');
    for (const control of document.querySelectorAll('select:not([aria-label]), input:not([aria-label]), textarea:not([aria-label])')) {
      const name = nameOf(control);
      if (name) control.setAttribute('aria-label', name);
    }
    // each operation has the same dozen of errors, with their examples: they are unfolded by a button
    for (const table of document.querySelectorAll('.responses-table:not(.live-responses-table):not([data-errors])')) {
      const errors = table.querySelectorAll('[data-code^="4"], [data-code^="5"], [data-code="default"]');
      if (errors.length === 0) continue;
      table.dataset.errors = 'folded';
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'btn errors', textContent: `Errors (${errors.length})` });
      button.setAttribute('aria-expanded', 'false');
      button.onclick = () => {
        const unfolds = table.dataset.errors === 'folded';
        table.dataset.errors = unfolds ? 'unfolded' : 'folded';
        button.setAttribute('aria-expanded', String(unfolds));
      };
      table.before(button);
    }

    for (const text of document.querySelectorAll('pre:not([tabindex])')) text.tabIndex = 0;
  };
  let isDue = false;
  new MutationObserver(() => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => { isDue = false; mend(); });
  }).observe(document, { childList: true, subtree: true });
})();

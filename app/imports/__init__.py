"""Lists that people have (CSV, XLSX, XLS) on their way in: read, columns mapped, checked, decided, accepted, written.

Whatever the list is of, its way is this one: a run with its rows, a mapping of columns that the brigade's next list with
the same headings finds filled in, checking and writing by the worker, a report of every row. A feature that takes in
a list of its own brings only

- `rules`: `FIELDS` and `HEADINGS` (what a row may say and what the columns go by), `read_row` (texts → values, flags,
  errors; doubtful days and times keep the text as it was typed), `judge` (held against the register and the rows before
  it: new, changed, likely, unchanged, duplicate, error) and the key by which the same row is known the next time;
- `queries`: the register that rows are held against, in a fixed number of queries;
- `service`: a `ListKind`; `set_mapping` = `columns_of` + which columns it cannot do without + `keep_mapping`; `check` =
  `upload_of`, `table_of` → `read_row` → `judge` → `row` → `keep`; `accept` = its own conditions + `accepted`; `write` =
  its rows + `settle` + `finish`;
- `jobs`: the two names of its kind, each calling `check` or `write`;
- `views`: six addresses over `pages`; templates over `imports/parts.html`; words for its verdicts and remarks;
- `commands`: an `import` over `command_line`, for what is brought in without a browser.

Orders of former years (`rectification/*/old_orders.py`) is the shortest one to start from.
"""

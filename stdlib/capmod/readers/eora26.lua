--- Eora26, a year as a folder or zip archive: ..._T.txt (intermediate), _FD.txt (final demand),
--- _VA.txt (primary inputs), _Q.txt and _QY.txt (satellites), tab-separated numbers alone, and
--- beside them labels_T.txt, labels_FD.txt, labels_VA.txt, labels_Q.txt.
---
--- The rest of the world has one node ROW TOTAL where countries have 26: it stands in the last
--- sector, and the other sectors of ROW are empty.

local core = require "capmod.core"
local layout = require "capmod.read.layout"

local ALL = math.maxinteger

local function need(path, names, pattern, what)
  return layout.file(path, names, pattern)
    or layout.wrong(path, 0, 0, ("there is no file of %s"):format(what))
end

--- Two fields of each line of a file of labels.
local function labels_of(file, first, second)
  local outer, inner = {}, {}
  for i, line in ipairs(core.peek(file, ALL, "\t")) do
    outer[i], inner[i] = line[first] or "", line[second] or ""
    if outer[i] == "" or inner[i] == "" then layout.wrong(file, i, first, "a label is missing") end
  end
  return outer, inner
end

local function numbers_of(file, rows, cols)
  local m = core.text{ path = file, delimiter = "\t" }:numbers()
  if m:rows() ~= rows or m:cols() ~= cols then
    layout.wrong(file, 0, 0, ("%d rows and %d columns, where the labels take %d and %d"):format(
      m:rows(), m:cols(), rows, cols))
  end
  return m
end

--- Rows of satellites or primary inputs: "group: name" where the name alone would not do.
local function row_names(file)
  local groups, names = labels_of(file, 1, 2)
  local seen, out = {}, {}
  for _, name in ipairs(names) do seen[name] = (seen[name] or 0) + 1 end
  for i, name in ipairs(names) do
    out[i] = seen[name] == 1 and name or ("%s: %s"):format(groups[i], name)
  end
  return out, groups
end

--- Where the nodes of the file go: each to itself, the one of ROW to its last sector.
local function spread(outer, inner, wrong)
  local n = #outer
  local alone = n > 1 and inner[n]:upper() == "TOTAL" and outer[n] ~= outer[n - 1]
  local countries, sectors = layout.product(outer, inner, 1, alone and n - 1 or n, wrong)
  if alone then countries[#countries + 1] = outer[n] end
  local places, labels = {}, {}
  for i = 1, n do places[i] = i end
  if alone then places[n] = #countries * #sectors end
  for i = 1, #countries * #sectors do labels[i] = tostring(i) end
  return countries, sectors, alone, function(m, side)
    return alone and m:group(side, places, labels):label{ [side .. "s"] = false } or m
  end
end

local function read(path, options)
  local _, _, _, names = core.contents(path)
  local t_labels = need(path, names, "^labels_T%.txt$", "labels_T.txt (sectors)")
  local outer, inner = labels_of(t_labels, 2, 4)
  local countries, sectors, alone, placed = spread(outer, inner,
    function(i, message) layout.wrong(t_labels, i, 2, message) end)
  local fd_labels = need(path, names, "^labels_FD%.txt$", "labels_FD.txt (final demand)")
  local users, uses = labels_of(fd_labels, 2, 4)
  local function wrong_use(i, message) layout.wrong(fd_labels, i, 2, message) end
  local finals, categories = layout.product(users, uses, 1, #users, wrong_use)
  layout.same(finals, 1, countries, function(i, message)
    wrong_use((i - 1) * #categories + 1, message)
  end)
  local n, f = #outer, #users
  local t_file = need(path, names, "^Eora26.*_T%.txt$", "intermediate use (..._T.txt)")
  local parts = {
    name = "Eora26", year = options.year or layout.year(t_file), unit = "USD thousand",
    countries = countries, sectors = sectors, categories = layout.final_codes(categories),
    Z = placed(placed(numbers_of(t_file, n, n), "row"), "col"),
    Y = placed(numbers_of(need(path, names, "^Eora26.*_FD%.txt$", "final demand"), n, f),
      "row"),
  }
  local va = row_names(need(path, names, "^labels_VA%.txt$", "labels_VA.txt (primary inputs)"))
  local va_file = need(path, names, "^Eora26.*_VA%.txt$", "primary inputs")
  parts.P = placed(numbers_of(va_file, #va, n), "col"):label{ rows = va }
  local q_file, q_labels = layout.file(path, names, "^Eora26.*_Q%.txt$"),
    layout.file(path, names, "^labels_Q%.txt$")
  if q_file and q_labels then
    local q, groups = row_names(q_labels)
    parts.F, parts.units = placed(numbers_of(q_file, #q, n), "col"):label{ rows = q }, {}
    for i, name in ipairs(q) do parts.units[name] = groups[i]:match "%(([^()]*)%)%s*$" end
    local qy = layout.file(path, names, "^Eora26.*_QY%.txt$")
    if qy then parts.FY = numbers_of(qy, #q, f):label{ rows = q } end
  end
  if alone then
    parts.source = ("%s, read as eora26; %s TOTAL stands in its sector '%s'"):format(
      t_file:match "([^/]*)$", countries[#countries], sectors[#sectors])
  end
  return parts
end

return {
  name = "eora26",
  about = "Eora26, 26 sectors, basic or purchasers' prices",
  cite = "Lenzen, Moran, Kanemoto, Geschke (2013), Building Eora, Economic Systems Research 25(1)",
  options = { year = { "integer", about = "the year of the table, where the names do not tell" } },
  recognise = function(peek)
    local labels, table_file = false, false
    for _, name in ipairs(peek.names) do
      labels = labels or name:match "([^/]*)$" == "labels_T.txt"
      table_file = table_file or name:match "([^/]*)$":match "^Eora26.*_T%.txt$"
    end
    return labels and table_file and true or false
  end,
  read = read,
}

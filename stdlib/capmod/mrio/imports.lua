--- m:imports{}: who earns from what a country imports, and what enters it more than once.

local args = require "capmod.args"
local frame = require "capmod.frame"
local errors = require "capmod.errors"
local group = require "capmod.mrio.group"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"

local verbs = {}
local text = require "capmod.text"

local FIELDS = {
  importer = { "string", "list", about = "a country, or a group as one; a list: each item" },
  by = { "string", "list", about = "country (default), sector of origin, or both" },
}

--- The importers asked for: blocks of the table (a group trades as one) and the group of each.
local function importers(s, given)
  local items = type(given) == "table" and given or { given }
  local block, labels, chosen, names, notes, at = {}, {}, {}, {}, {}, {}
  if given == nil then
    local all = {}
    for i, label in ipairs(s.countries) do all[i], names[i] = i, label end
    return { chosen = all, names = names, notes = notes }
  end
  for k, item in ipairs(items) do
    local found = places.countries(s, item)
    for _, c in ipairs(found.list) do
      if at[c] then
        errors.raise(1606, { message = ("imports: %s is in '%s' and in '%s'"):format(s.countries[c],
          names[at[c]], found.title), object = s.name, fix = "name each once" })
      end
      at[c] = k
    end
    names[k] = found.title
    table.move(found.notes, 1, #found.notes, #notes + 1, notes)
  end
  local made = {}
  for c, code in ipairs(s.countries) do
    local b = at[c] and made[at[c]]
    if not b then
      b = #labels + 1
      labels[b], chosen[b] = at[c] and names[at[c]] or code, at[c] or 0
      if at[c] then made[at[c]] = b end
    end
    block[c] = b
  end
  return { block = block, labels = labels, chosen = chosen, names = names, notes = notes }
end

local function amount(value, of)
  return text.number(value, text.number_style({ of }, 1))
end

local function rows_of(result, g, names, several)
  local va, dc, rows, total = result:column_list(1), result:column_list(2), {}, 0
  for k, name in ipairs(names) do
    local block, sum = {}, 0
    for o, cell in ipairs(g.cells) do
      local at = (k - 1) * #g.cells + o
      block[o] = { importer = several and name or nil, country = cell.country, sector = cell.sector,
        value = va[at], twice = dc[at] }
      sum = sum + va[at] + dc[at]
    end
    for o, row in ipairs(block) do row.share, row.order = sum ~= 0 and row.value / sum or 0, o end
    table.sort(block, function(a, b)
      if a.value ~= b.value then return a.value > b.value end
      return a.order < b.order
    end)
    for _, row in ipairs(block) do
      row.order = nil
      rows[#rows + 1] = row
    end
    total = total + sum
  end
  return rows, total
end

local function notes_of(q)
  local lines = {}
  for _, note in ipairs(q.notes) do
    for _, line in ipairs(places.wrap(note, 92)) do lines[#lines + 1] = line end
  end
  return lines
end

--- Gross imports of the importers from outside themselves.
local function gross(s, q)
  local total, n, e = 0, #s.sectors, s.table:part "E"
  for c = 1, #s.countries do
    local b = q.block and q.block[c] or c
    if q.chosen[b] ~= 0 then
      for other = 1, #s.countries do
        if (q.block and q.block[other] or other) ~= b then
          total = total + e:block((other - 1) * n + 1, other * n, c, c):sum()
        end
      end
    end
  end
  return total
end

--- Value added in gross imports by origin, each entering the importer once, and what of it enters
--- again (`twice`); the two add up to imports. A group of countries imports as one region.
---
---     m:imports{ importer = "CHN" }
---     m:imports{ importer = { "CHN", "EU27" }, by = "sector" }
---
--- Borin and Mancini (2019), section 8, eq. 51: with A~ = A without what others sell to the
--- importer's producers and d its imports, v # (I - A~)^-1 d. Among the origins is the importer:
--- what it made, exported and buys back. Shares are of gross imports.
--- CM1001-1004, CM11xx, CM1606 in two groups, CM1610 no imports, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { importer: string|string[]|nil, by: string|string[]|nil }?
---@return capmod.Frame
function verbs.imports(self, t)
  local s = store.of(self)
  t = args.check("imports", t or {}, FIELDS)
  local g, q = group.nodes(s, t.by or "country", "imports"), importers(s, t.importer)
  local result = s.table:imports(q.block, q.labels, q.chosen, q.names, g.groups, g.labels)
  local several = #q.names > 1
  local rows, found = rows_of(result, g, q.names, several)
  local title, total = table.concat(q.names, ", "), gross(s, q)
  if t.importer == nil then title = "every country" end
  if total == 0 then
    errors.raise(1610, { message = ("imports: %s imports nothing in '%s'"):format(title, s.name),
      object = s.name, fix = "look at m.E for what there is" })
  end
  local keys, cols = {}, {}
  if several then keys[1], cols[1] = "importer", { name = "importer", kind = "country" } end
  for i, key in ipairs(g.keys) do
    keys[#keys + 1], cols[#cols + 1] = key, group.columns(s, g)[i]
  end
  for _, col in ipairs{ { name = "value" }, { name = "twice" },
    { name = "share", format = "percent" } } do
    cols[#cols + 1] = col
  end
  local gap = math.abs(found - total) / math.abs(total)
  return frame{
    title = ("value added in imports of %s, by %s of origin"):format(title,
      table.concat(g.keys, " and ")),
    unit = s.unit, keys = keys, cols = cols, rows = rows, bar = "share", note = notes_of(q),
    check = gap > 1e-9 and ("does NOT add up: %s, imports are %s"):format(amount(found, total),
      amount(total, total)) or "adds up: value + twice = gross imports " .. amount(total, total),
  }
end

return verbs

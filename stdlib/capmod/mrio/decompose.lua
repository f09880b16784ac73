--- m:decompose{}: gross exports by the terms of a method.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local methods = require "capmod.mrio.terms"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"

local FIELDS = {
  exporter = { "string", "list", about = "a country, or a group as one; a list: each item" },
  importer = { "string", "list", about = "a country, or a group together; a list: each item" },
  sector = { "string", "list", about = "of the exporter, taken together; a list: each" },
  method = { "string", about = "bm_src (default), bm_snk, wwz, kww; bm_src_terms, bm_snk_terms" },
  by = { "string", "list", about = "exporter, sector, importer" },
}

local KEYS = { "exporter", "sector", "importer" }

local function method_of(name)
  local names = {}
  for known in each(methods) do names[#names + 1] = known end
  return methods[args.choice(name or "bm_src", "method", names, "decompose")]
end

local function read_by(by)
  local has = {}
  for _, key in ipairs(type(by) == "table" and by or { by }) do
    has[args.choice(key, "by", KEYS, "decompose")] = true
  end
  return has
end

-- ---- sides --------------------------------------------------------------------------------------

---@class capmod.Side
---@field group integer[]?  the group of each member, 0 for none; nil: each by itself
---@field labels string[]
---@field title string
---@field notes string[]

--- Members (countries or sectors) as they were asked for: a string is one group, a list one each;
--- nothing is all, one by one where `apart`, else as one.
local function side(given, apart, all, choose, what)
  if given == nil then
    if apart then return { labels = all, title = what, notes = {} } end
    local group = {}
    for i = 1, #all do group[i] = 1 end
    return { group = group, labels = { "*" }, title = what, notes = {} }
  end
  local group, labels, notes = {}, {}, {}
  for i = 1, #all do group[i] = 0 end
  local function put(found, label)
    labels[#labels + 1] = label
    for _, i in ipairs(found.list) do
      if group[i] ~= 0 then
        errors.raise(1606, { message = ("decompose: %s is in '%s' and in '%s'"):format(all[i],
          labels[group[i]], label), fix = "name each once" })
      end
      group[i] = #labels
    end
    table.move(found.notes, 1, #found.notes, #notes + 1, notes)
  end
  local items = type(given) == "table" and given or { given }
  for _, item in ipairs(items) do
    local found = choose(item)
    if type(given) == "string" and apart then
      for _, i in ipairs(found.list) do put({ list = { i }, notes = {} }, all[i]) end
      table.move(found.notes, 1, #found.notes, #notes + 1, notes)
    else
      put(found, found.title)
    end
  end
  return { group = group, labels = labels, notes = notes,
    title = type(given) == "table" and table.concat(labels, ", ") or choose(given).title }
end

--- Exporters of several countries trade as one region: the blocks of the table, and the sides over
--- them. `owner[b]` is the country, or the label of the region, that block b is.
local function make_blocks(s, exporters, apart)
  local members = {}
  for _, g in ipairs(exporters.group or {}) do members[g] = (members[g] or 0) + 1 end
  local block, owner, at = {}, {}, {}
  for c, code in ipairs(s.countries) do
    local g = exporters.group and exporters.group[c] or 0
    local region = not apart and g > 0 and members[g] > 1 and exporters.labels[g]
    local label = region or code
    if not at[label] then
      owner[#owner + 1], at[label] = { label = label, exporter = g }, #owner + 1
    end
    block[c] = at[label]
  end
  local labels = {}
  for b, o in ipairs(owner) do labels[b] = o.label end
  return block, labels, owner
end

--- A group of countries as a group of blocks; a region that is part of it must be all of it.
local function over_blocks(group, block, count)
  if not group then return nil end
  local over = {}
  for b = 1, count do over[b] = 0 end
  for c, g in ipairs(group) do
    if g ~= 0 then over[block[c]] = g end
  end
  return over
end

-- ---- the answer ---------------------------------------------------------------------------------

--- The worst relative gap of the identities of a method over all rows.
local function worst_gap(method, columns, n)
  local worst = 0
  for _, identity in ipairs(method.sums) do
    local whole = columns[identity[1]]
    for row = 1, n do
      local sum = 0
      for k = 2, #identity do sum = sum + columns[identity[k]][row] end
      worst = math.max(worst, math.abs(sum - whole[row]) / math.max(1e-300, math.abs(whole[row])))
    end
  end
  return worst
end

local function check_line(method, columns, n, exports)
  local sum, total = 0, 0
  for row = 1, n do
    for _, term in ipairs(method.parts) do sum = sum + columns[term][row] end
    total = total + exports[row]
  end
  local gap = math.abs(sum - total) / math.max(1e-300, math.abs(total))
  local worst = math.max(gap, worst_gap(method, columns, n))
  if worst > 1e-9 then
    return ("does NOT add up: %s miss gross exports by %.1e of them"):format(method.adds, worst)
  end
  return ("adds up: %s = gross exports (%s)"):format(method.adds,
    worst < 1e-12 and "gap below 1e-12" or ("gap %.1e"):format(worst))
end

local function by_term(method, terms, columns, exports)
  local rows = {}
  for i, term in ipairs(terms) do
    local value = columns[term][1]
    rows[i] = { term = method.prefix .. "." .. term, value = value, share = value / exports[1],
      meaning = method.meaning[term] }
  end
  return { "term" }, { { name = "term" }, { name = "value" },
    { name = "share", format = "percent" }, { name = "meaning" } }, rows
end

local function key_columns(s, has, method, terms)
  local keys, cols = {}, {}
  for _, key in ipairs(KEYS) do
    if has[key] then
      keys[#keys + 1] = key
      cols[#cols + 1] = { name = key, kind = key == "sector" and "sector" or "country",
        names = key == "sector" and s.class and s.class.names or nil }
    end
  end
  for _, term in ipairs(terms) do cols[#cols + 1] = { name = method.prefix .. "." .. term } end
  return keys, cols
end

--- A row for each key, a column for each term.
local function by_keys(s, has, sides, method, terms, columns)
  local keys, cols = key_columns(s, has, method, terms)
  local rows, at = {}, 0
  for _, exporter in ipairs(sides.exporter.labels) do
    for _, sector in ipairs(sides.sector.labels) do
      for _, importer in ipairs(sides.importer.labels) do
        at = at + 1
        local row = { exporter = exporter, sector = sector, importer = importer }
        for _, key in ipairs(KEYS) do row[key] = has[key] and row[key] or nil end
        for _, term in ipairs(terms) do row[method.prefix .. "." .. term] = columns[term][at] end
        if importer ~= exporter then rows[#rows + 1] = row end
      end
    end
  end
  return keys, cols, rows
end

-- ---- the question -------------------------------------------------------------------------------

local function sides_of(s, t, has)
  local function countries(name) return places.countries(s, name) end
  local function sectors(name) return places.sectors(s, name) end
  return {
    exporter = side(t.exporter, has.exporter, s.countries, countries, "every country"),
    importer = side(t.importer, has.importer, s.countries, countries, "the world"),
    sector = side(t.sector, has.sector, s.sectors, sectors, "every sector"),
  }
end

--- Asks the engine: the terms by flow, and gross exports by flow.
local function ask(s, sides, method, apart)
  local block, labels, owner = make_blocks(s, sides.exporter, apart)
  local regions, chosen = #labels < #s.countries, {}
  for b, o in ipairs(owner) do chosen[b] = o.exporter end
  local result = s.table:decompose(method.core, regions and block or nil,
    regions and labels or nil, sides.exporter.group and chosen or nil, sides.exporter.labels,
    sides.sector.group, sides.sector.labels,
    over_blocks(sides.importer.group, block, #labels), sides.importer.labels)
  local terms, columns = result:labels "col", {}
  for j, term in ipairs(terms) do columns[term] = result:column_list(j) end
  return terms, columns, columns.GEXP or result:sum{ by = "row" }:column_list(1)
end

local function refuse_nothing(s, sides)
  errors.raise(1610, { message = ("decompose: exports of %s to %s are zero in '%s'"):format(
    sides.exporter.title, sides.importer.title, s.name), object = s.name,
    fix = "look at m.E for what there is" })
end

local function notes_of(sides)
  local notes = {}
  for _, key in ipairs(KEYS) do
    for _, note in ipairs(sides[key].notes) do
      for _, line in ipairs(places.wrap(note, 92)) do notes[#notes + 1] = line end
    end
  end
  return notes
end

local function title_of(t, sides, method)
  return ("exports of %s%s%s, %s"):format(sides.exporter.title,
    t.sector and " in " .. sides.sector.title or "",
    t.importer and " to " .. sides.importer.title or "", method.title)
end

--- Gross exports by the terms of a method, each flow decomposed at the border it crosses.
---
---     m:decompose{ exporter = "CHN" }
---     m:decompose{ exporter = "EU27", importer = "CHN", method = "wwz" }
---     m:decompose{ by = { "exporter", "importer" }, method = "bm_snk" }
---
--- `exporter`, `importer` and `sector` choose flows; a string is taken as one (several countries
--- as exporter: one region, whose inner trade is no export), a list gives a row for each item. `by`
--- keeps a side apart. Without `by` there is a row for each term. Terms are named with their
--- method ("bm.DVA", "wwz.MVA_FIN"); of kww only sums over sectors and importers have a meaning.
--- Methods: bm_src and bm_snk (Borin and Mancini 2019, 2023, exporter perspective), bm_src_terms
--- and bm_snk_terms (their twelve terms), wwz (Wang, Wei, Zhu 2013), kww (Koopman, Wang, Wei 2014).
--- CM1001-1004, CM11xx, CM1606 in two groups, CM1610 nothing exported, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { exporter: string|string[]|nil, importer: string|string[]|nil,
---  sector: string|string[]|nil, method: string?, by: string|string[]|nil }?
---@return capmod.Frame
local function decompose(self, t)
  local s = store.of(self)
  t = args.check("decompose", t or {}, FIELDS)
  local method, has = method_of(t.method), read_by(t.by or {})
  local sides = sides_of(s, t, has)
  local terms, columns, exports = ask(s, sides, method, t.exporter == nil or has.exporter)
  local total = 0
  for _, value in ipairs(exports) do total = total + math.abs(value) end
  if total == 0 then refuse_nothing(s, sides) end
  for _, key in ipairs(KEYS) do has[key] = has[key] or #sides[key].labels > 1 end
  local keys, cols, rows
  if not (has.exporter or has.sector or has.importer) then
    keys, cols, rows = by_term(method, terms, columns, exports)
  else
    keys, cols, rows = by_keys(s, has, sides, method, terms, columns)
  end
  return frame{
    title = title_of(t, sides, method), unit = s.unit, keys = keys, cols = cols, rows = rows,
    note = notes_of(sides), check = check_line(method, columns, #exports, exports),
    bar = keys[1] == "term" and "share" or false,
  }
end

return decompose

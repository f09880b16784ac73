--- m:decompose{}: gross exports by the terms of a method.

local args = require "capmod.args"
local define = require "capmod.define"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local methods = require "capmod.mrio.terms"
local places = require "capmod.mrio.places"
local rows_in = require "capmod.mrio.rows"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local verbs = {}

local FIELDS = {
  exporter = { "string", "list", about = "a country, or a group as one; a list: each item" },
  importer = { "string", "list", about = "a country, or a group together; a list: each item" },
  sector = { "string", "list", about = "of the exporter, taken together; a list: each" },
  third = { "string", "list", about = "of wwz: the third countries that take part" },
  method = { "string", about = "bm_src (default), bm_snk, wwz, kww, kww_corrected, my, oecd, "
    .. "tripartite; bm_src_terms, bm_snk_terms" },
  perspective = { "string", about = "exporter (default) or world" },
  approach = { "string", about = "source or sink, of bm" },
  perimeter = { "string", about = "country (default), sector, bilateral, sector-bilateral" },
  by = { "string", "list", about = "exporter, sector, importer; of wwz: third" },
}

local KEYS = { "exporter", "sector", "importer", "third" }
local ALIASES = { bm = "bm_src", bm_terms = "bm_src_terms", tiva = "oecd", bmt = "tripartite" }
local PERIMETERS = { "country", "sector", "bilateral", "sector-bilateral" }

local function refuse_option(field, value, method, fix)
  errors.raise(1640, { message = ("decompose: %s has no %s = '%s'"):format(method.title, field,
    value), object = "decompose", field = field, fix = fix })
end

--- The names of methods that come with capmod, then those of cm.define.method.
---@return string[]
function verbs.methods()
  local names = {}
  for known in each(methods) do names[#names + 1] = known end
  for alias in each(ALIASES) do names[#names + 1] = alias end
  for _, own in ipairs(define.registry "method") do names[#names + 1] = own.name end
  return names
end

--- Whether a method comes with capmod.
---@param name string
---@return boolean
function verbs.is_built_in(name) return methods[name] ~= nil or ALIASES[name] ~= nil end

--- What a method of the author's gives, decompose(table, question); nil where t names none.
local function by_author(self, t)
  for _, own in ipairs(type(t) == "table" and t.method and define.registry "method" or {}) do
    if own.name == t.method then
      return args.one(own.decompose(self, t), ("method '%s'"):format(own.name), "what it gives",
        "Frame")
    end
  end
end

--- The method by its name, then by what the options make of it.
local function method_of(t)
  local names = verbs.methods()
  local given = args.choice(t.method or "bm_src", "method", names, "decompose")
  local name = ALIASES[given] or given
  local method = methods[name]
  if t.approach then
    args.choice(t.approach, "approach", { "source", "sink" }, "decompose")
    local approach = name:match "^bm_s(%l+)"
    if t.approach == "sink" and method.sink and ALIASES[given] then
      method = methods[method.sink]
    elseif (approach == "nk" and "sink" or approach == "rc" and "source") ~= t.approach then
      refuse_option("approach", t.approach, method,
        'write method = "bm" with it, or leave it out')
    end
  end
  if t.perspective and args.choice(t.perspective, "perspective", { "exporter", "world" },
    "decompose") == "world" then
    if not method.world then
      refuse_option("perspective", "world", method, "bm_src, bm_snk and my have it")
    end
    method = methods[method.world]
  end
  if t.perimeter and args.choice(t.perimeter, "perimeter", PERIMETERS, "decompose") ~= "country"
    and not method.perimeters then
    refuse_option("perimeter", t.perimeter, method, "bm_src, bm_src_terms and my have perimeters")
  end
  return method
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

--- What nodes without output export, by flow: they have no inputs that it could be traced to.
local function idle_exports(s, sides, given, block)
  local x, e, n = s.table:part("x"):column_list(1), s.table:part "E", #s.sectors
  local sectors, importers = #sides.sector.labels, #sides.importer.labels
  local list, any = {}, 0
  for i, output in ipairs(x) do
    local c, k = (i - 1) // n + 1, (i - 1) % n + 1
    local g = given[3] and given[3][block[c]] or block[c]
    local sector = sides.sector.group and sides.sector.group[k] or k
    for r, value in ipairs(output == 0 and g ~= 0 and sector ~= 0 and e:row_list(i) or {}) do
      local to = given[7] and given[7][block[r]] or block[r]
      if value ~= 0 and to ~= 0 and block[r] ~= block[c] then
        local row = ((g - 1) * sectors + sector - 1) * importers + to
        list[row], any = (list[row] or 0) + value, any + value
      end
    end
  end
  return list, any
end

--- The worst relative gap of the identities of a method over all rows. The whole may hold what
--- nodes without output sell.
local function worst_gap(method, columns, n, idle)
  local worst = 0
  for _, identity in ipairs(method.sums) do
    local whole = columns[identity[1]]
    for row = 1, n do
      local sum = 0
      for k = 2, #identity do sum = sum + columns[identity[k]][row] end
      local gap = sum - whole[row]
      gap = math.min(math.abs(gap), math.abs(gap + (idle[row] or 0)))
      worst = math.max(worst, gap / math.max(1e-300, math.abs(whole[row])))
    end
  end
  return worst
end

local function check_line(method, columns, n, exports, idle, sold)
  local sum, total = 0, 0
  for row = 1, n do
    for _, term in ipairs(method.parts) do sum = sum + columns[term][row] end
    total = total + exports[row]
  end
  if not (columns.GEXP or columns.EXGR) then sold = 0 end -- exports are the sum itself
  local gap = math.abs(sum - total + sold) / math.max(1e-300, math.abs(total))
  local worst = math.max(gap, worst_gap(method, columns, n, idle))
  if worst > 1e-9 then
    return ("does NOT add up: %s miss gross exports by %.1e of them"):format(method.adds, worst)
  end
  local line = ("adds up: %s = gross exports (%s)"):format(method.adds,
    worst < 1e-12 and "gap below 1e-12" or ("gap %.1e"):format(worst))
  return sold == 0 and line or { line, ("but for %s that nodes without output sell"):format(
    text.short(sold)) }
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

--- Every combination of the sides' labels, the last side running first.
local function each_row(sides)
  local at, counts, total = 0, {}, 1
  for k, key in ipairs(KEYS) do
    counts[k] = sides[key] and #sides[key].labels or 1
    total = total * counts[k]
  end
  return function()
    if at == total then return nil end
    at = at + 1
    local row, rest = {}, at - 1
    for k = #KEYS, 1, -1 do
      local side_here = sides[KEYS[k]]
      row[KEYS[k]] = side_here and side_here.labels[rest % counts[k] + 1]
      rest = rest // counts[k]
    end
    return at, row
  end
end

--- No flow goes from a country to itself, and a third country is neither of the two.
local function is_flow(row)
  return row.importer ~= row.exporter
    and not (row.third and row.third ~= "*" and (row.third == row.exporter
      or row.third == row.importer))
end

--- A row for each key, a column for each term.
local function by_keys(s, has, sides, method, terms, columns)
  local keys, cols = key_columns(s, has, method, terms)
  local rows = {}
  for at, row in each_row(sides) do
    if is_flow(row) then
      for _, key in ipairs(KEYS) do row[key] = has[key] and row[key] or nil end
      for _, term in ipairs(terms) do row[method.prefix .. "." .. term] = columns[term][at] end
      rows[#rows + 1] = row
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
    third = (t.third or has.third)
      and side(t.third, has.third, s.countries, countries, "every third country") or nil,
  }
end

--- What the engine takes for the four sides of flows, and the blocks.
local function engine_sides(s, sides, apart)
  local block, labels, owner = make_blocks(s, sides.exporter, apart)
  local regions, chosen = #labels < #s.countries, {}
  for b, o in ipairs(owner) do chosen[b] = o.exporter end
  return { regions and block or nil, regions and labels or nil,
    sides.exporter.group and chosen or nil, sides.exporter.labels, sides.sector.group,
    sides.sector.labels, over_blocks(sides.importer.group, block, #labels), sides.importer.labels },
    block, labels
end

--- Columns of a result by the names that the method gives them.
local function read_columns(method, result, columns)
  local names = result:labels "col"
  local terms = method.terms or names
  for _, term in ipairs(terms) do
    local name = method.from and method.from[term] or term
    for j, found in ipairs(names) do
      if found == name then columns[term] = result:column_list(j) end
    end
  end
  return terms
end

--- Asks the engine: the terms by flow, gross exports by flow, and what of these is sold by nodes
--- without output, by flow and in all.
local function ask(s, sides, method, apart, perimeter)
  local given, block = engine_sides(s, sides, apart)
  local function call(core, cut)
    return s.table:decompose(core, given[1], given[2], given[3], given[4], given[5], given[6],
      given[7], given[8], cut)
  end
  local result, columns = call(method.core, perimeter), {}
  local terms = read_columns(method, result, columns)
  if method.also then
    terms = table.move(terms, 1, #terms, 1, {})
    for _, term in ipairs(read_columns(method.also, call(method.also.core), columns)) do
      terms[#terms + 1] = term
    end
  end
  local idle, sold = idle_exports(s, sides, given, block)
  return terms, columns, columns.GEXP or columns.EXGR or result:sum{ by = "row" }:column_list(1),
    idle, sold
end

--- The same by third country, with the sums over them that wwz has.
local function ask_thirds(s, sides, method, apart)
  local given, block, labels = engine_sides(s, sides, apart)
  local result, columns = s.table:decompose_third(given[1], given[2], given[3], given[4], given[5],
    given[6], given[7], given[8], over_blocks(sides.third.group, block, #labels),
    sides.third.labels), {}
  local terms = read_columns(method, result, columns)
  local whole, sixteen = {}, s.table:decompose("wwz", given[1], given[2], given[3], given[4],
    given[5], given[6], given[7], given[8])
  read_columns(method, sixteen, whole)
  return terms, columns, whole, sixteen:sum{ by = "row" }:column_list(1)
end

local function refuse_nothing(s, sides)
  errors.raise(1610, { message = ("decompose: exports of %s to %s are zero in '%s'"):format(
    sides.exporter.title, sides.importer.title, s.name), object = s.name,
    fix = "look at m.E for what there is" })
end

local PERIMETER_NOTE = {
  sector = "perimeter: the exports of each product; what returns to it counts twice, no more",
  bilateral = "perimeter: each flow to a partner; what returns to it counts twice, no more",
  ["sector-bilateral"] = "perimeter: each product's flow to a partner; what returns to it counts "
    .. "twice, no more",
}

local function notes_of(sides, perimeter)
  local notes = { PERIMETER_NOTE[perimeter] }
  for _, key in ipairs(KEYS) do
    for _, note in ipairs(sides[key] and sides[key].notes or {}) do
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

--- A country's exports in all are the only flow that the method speaks of.
local function check_sides(t, has, method)
  if not method.countries then return end
  for _, key in ipairs{ "sector", "importer" } do
    if t[key] or has[key] then
      errors.raise(1641, { message = ("decompose: %s says nothing by %s"):format(method.title, key),
        object = "decompose", field = key,
        fix = "ask for the exports of a country, or take perspective = \"exporter\"" })
    end
  end
end

--- Where the terms by third country add up to wwz's.
local function third_line(columns, whole, terms, partial)
  if partial then return nil end
  local sum, total = 0, 0
  for _, term in ipairs(terms) do
    for _, value in ipairs(columns[term]) do sum = sum + value end
    for _, value in ipairs(whole[term]) do total = total + value end
  end
  local gap = math.abs(sum - total) / math.max(1e-300, math.abs(total))
  return gap > 1e-9 and ("does NOT add up to the terms of wwz: gap %.1e"):format(gap)
    or "adds up to the same terms of wwz" .. (gap < 1e-12 and " (gap below 1e-12)" or "")
end

local function answer_thirds(s, t, has, sides, method, apart)
  local terms, columns, whole, exports = ask_thirds(s, sides, method, apart)
  local found = 0
  for _, value in ipairs(exports) do found = found + math.abs(value) end
  if found == 0 then refuse_nothing(s, sides) end
  has.third = true
  local keys, cols, rows = by_keys(s, has, sides, method, terms, columns)
  return frame{ title = title_of(t, sides, method), unit = s.unit, keys = keys, cols = cols,
    rows = rows, note = notes_of(sides), bar = false,
    check = third_line(columns, whole, terms, t.third ~= nil) }
end

--- Gross exports by the terms of a method, each flow decomposed at the border it crosses.
---
---     m:decompose{ exporter = "CHN" }
---     m:decompose{ exporter = "EU27", importer = "CHN", method = "wwz" }
---     m:decompose{ by = { "exporter", "importer" }, method = "bm_snk" }
---     m:decompose{ exporter = "CHN", perspective = "world", approach = "sink", method = "bm" }
---     m:decompose{ exporter = "CHN", method = "wwz", by = "third" }
---
--- `exporter`, `importer` and `sector` choose flows; a string is taken as one (several countries
--- as exporter: one region, whose inner trade is no export), a list gives a row for each item. `by`
--- keeps a side apart. Without `by` there is a row for each term. Terms are named with their
--- method ("bm.DVA", "wwz.MVA_FIN"); of kww only sums over sectors and importers have a meaning.
---
--- Methods: bm_src and bm_snk (Borin and Mancini 2019, 2023; `bm` with `approach`), bm_src_terms
--- and bm_snk_terms (their twelve terms), wwz (Wang, Wei, Zhu 2013), kww (Koopman, Wang, Wei 2014),
--- kww_corrected (its foreign terms by Borin and Mancini's world perspective, sink), my (Miroudot,
--- Ye 2021), oecd (TiVA), tripartite (Borin, Mancini, Taglioni 2025). `perspective = "world"`
--- counts foreign value added once in the world (bm, my). `perimeter` says within what a crossing
--- counts once: all exports of the country, one sector's, those to one partner, or one sector's to
--- one partner (bm_src, my). One of cm.define.method{ name =, about =, decompose = function(table,
--- question) ... end } gives a frame of its own. Of wwz, `by = "third"` or `third` splits the terms
--- in which third countries take part. Value by origin or destination: `m:value_added`; of
--- imports: `m:imports`.
--- CM1001-1004, CM11xx, CM1606 in two groups, CM1610 nothing exported, CM1640 options that the
--- method has not, CM1641 a side that it says nothing of, CM1650 too many
--- rows, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { exporter: string|string[]|nil, importer: string|string[]|nil,
---  sector: string|string[]|nil, third: string|string[]|nil, method: string?,
---  perspective: string?, approach: string?, perimeter: string?, by: string|string[]|nil }?
---@return capmod.Frame
function verbs.decompose(self, t)
  local s = store.of(self)
  local own = by_author(self, t)
  if own then return own end
  t = args.check("decompose", t or {}, FIELDS)
  local method, has = method_of(t), read_by(t.by or {})
  if t.third or has.third then
    if not method.third then
      refuse_option(t.third and "third" or "by", t.third and "..." or "third", method,
        'third countries are in method = "wwz"')
    end
    method = methods[method.third]
  end
  check_sides(t, has, method)
  local sides, apart = sides_of(s, t, has), t.exporter == nil or has.exporter
  local count = 1
  for _, key in ipairs(KEYS) do
    has[key] = has[key] or sides[key] and #sides[key].labels > 1 or nil
    count = count * (sides[key] and #sides[key].labels or 1)
  end
  rows_in.guard(count, "decompose", "name exporters, importers or sectors, or take fewer in `by`")
  if sides.third then return answer_thirds(s, t, has, sides, method, apart) end
  local terms, columns, exports, idle, sold = ask(s, sides, method, apart, t.perimeter)
  local total = 0
  for _, value in ipairs(exports) do total = total + math.abs(value) end
  if total == 0 then refuse_nothing(s, sides) end
  local keys, cols, rows
  if not (has.exporter or has.sector or has.importer) then
    keys, cols, rows = by_term(method, terms, columns, exports)
  else
    keys, cols, rows = by_keys(s, has, sides, method, terms, columns)
  end
  return frame{
    title = title_of(t, sides, method), unit = s.unit, keys = keys, cols = cols, rows = rows,
    note = notes_of(sides, t.perimeter),
    check = check_line(method, columns, #exports, exports, idle, sold),
    bar = keys[1] == "term" and "share" or false,
  }
end

return verbs

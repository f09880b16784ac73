--- m:indicators{}: the indicators of trade in value added by their names, and those of an author.

local args = require "capmod.args"
local define = require "capmod.define"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local places = require "capmod.mrio.places"
local rows_of = require "capmod.mrio.rows"
local store = require "capmod.mrio.store"
local text = require "capmod.text"
local tiva = require "capmod.mrio.tiva"

local indicators = {}

local FIELDS = {
  countries = { "string", "list", about = "whose: a string each of its members, a list each item" },
  sectors = { "string", "list", about = "of which industries" },
  partners = { "string", "list", about = "with whom" },
  by = { "string", "list", about = "country (default), sector, partner; of _BSCI also source" },
}

-- ---- what is asked for --------------------------------------------------------------------------

--- What is known under a name, in any mixture of capitals: the author's first.
local function known(name)
  local upper = name:upper()
  for _, own in ipairs(define.registry "indicator") do
    if own.name:upper() == upper then return { name = own.name, own = own, about = own.about } end
  end
  return tiva.levels[upper] or tiva.shares[upper] or tiva.origins[upper]
    and { name = upper, origin = tiva.origins[upper], about = tiva.origins[upper].about }
end

--- Whether an indicator comes with capmod, in any mixture of capitals.
---@param name string
---@return boolean
function indicators.is_built_in(name)
  name = name:upper()
  return (tiva.levels[name] or tiva.shares[name] or tiva.origins[name]) ~= nil
end

--- The names that there are.
---@return string[]
function indicators.names()
  local list = {}
  for _, own in ipairs(define.registry "indicator") do list[#list + 1] = own.name end
  for _, set in ipairs{ tiva.levels, tiva.shares, tiva.origins } do
    for name, about in each(set) do list[#list + 1] = about.name or name end
  end
  return list
end

local function find(given)
  local name = args.one(given, "indicators", "name", "string")
  local found = known(name)
  if found then return found end
  local names = indicators.names()
  errors.raise(1651, { message = ("there is no indicator '%s'"):format(name), object = "indicators",
    field = name, fix = errors.did_you_mean(name, names,
      "the indicators are " .. table.concat(names, " ")) })
end

--- Positional names and named fields apart.
local function split(t)
  local names, fields = {}, {}
  for key, value in each(type(t) == "string" and { t } or t) do
    if type(key) == "number" then names[key] = find(value) else fields[key] = value end
  end
  args.check("indicators", fields, FIELDS)
  if #names == 0 then
    errors.raise(1652, { message = "indicators: none is named", object = "indicators",
      fix = 'm:indicators{ "EXGR_DVASH", countries = "*" }; the names are '
        .. table.concat(indicators.names(), " ") })
  end
  return names, fields
end

local function alone(names)
  for _, asked in ipairs(names) do
    if asked.origin and #names > 1 then
      errors.raise(1652, { message = ("indicators: %s goes by country and industry of origin")
        :format(asked.name), object = "indicators", field = asked.name,
        fix = "ask for it by itself" })
    end
  end
  return names[1].origin and names[1]
end

local function read_by(given, allowed)
  local has = {}
  for _, key in ipairs(type(given) == "table" and given or { given }) do
    has[args.choice(key, "by", allowed, "indicators")] = true
  end
  return has
end

-- ---- rows ---------------------------------------------------------------------------------------

--- A string of countries as a list of them, each a row.
local function members(s, given, choose, all)
  if type(given) ~= "string" then return given, {} end
  local list, found = {}, choose(s, given)
  for i, at in ipairs(found.list) do list[i] = all[at] end
  return list, found.notes
end

--- Partners: the groups of columns, what each is called.
local function partners_of(s, given, apart)
  local all = places.countries(s, "*").list
  if not given and not apart then return { { label = nil, list = all } }, {} end
  local list, notes = given or "*", {}
  if apart then list, notes = members(s, list, places.countries, s.countries) end
  local items = {}
  for _, item in ipairs(type(list) == "table" and apart and list or { list }) do
    local found = places.countries(s, item)
    items[#items + 1] = { label = apart and found.title or nil, list = found.list }
    table.move(found.notes, 1, #found.notes, #notes + 1, notes)
  end
  return items, notes
end

--- The nodes of each row, and the same over all industries.
local function sides(s, t, has)
  local countries, notes, sectors, more = t.countries, {}, t.sectors, {}
  if has.country then countries, notes = members(s, countries, places.countries, s.countries) end
  if has.sector then sectors, more = members(s, sectors, places.sectors, s.sectors) end
  local by = {}
  for _, key in ipairs{ "country", "sector" } do by[#by + 1] = has[key] and key or nil end
  local r = rows_of.by(s, { country = countries, sector = sectors, by = by }, "indicators")
  local every, whole = places.sectors(s, "*").list, { members = {} }
  for k, member in ipairs(r.members) do
    whole.members[k] = { countries = member.countries, sectors = every }
  end
  for _, list in ipairs{ notes, more } do table.move(list, 1, #list, #r.notes + 1, r.notes) end
  return r, whole
end

--- The keys and their columns, and those of the partner.
local function heads(s, r, has)
  local keys, cols = table.move(r.keys, 1, #r.keys, 1, {}), table.move(r.cols, 1, #r.cols, 1, {})
  if has.partner then
    keys[#keys + 1], cols[#cols + 1] = "partner", { name = "partner", kind = "country" }
  end
  if has.source then
    keys[#keys + 1] = "source"
    cols[#cols + 1] = { name = "source", kind = "sector", names = s.class and s.class.names }
  end
  return keys, cols
end

-- ---- values -------------------------------------------------------------------------------------

---@class capmod.Indicated levels by row and partner, each formed on first use
---@field s table
---@field r capmod.Rows
---@field whole capmod.Rows
---@field partners table[]

--- A level summed by row: a list for each partner, and one over all partners.
local function sums(q, name, over)
  local key = name .. (over == "country" and "/country" or "")
  if q.kept[key] then return q.kept[key] end
  local matrix = tiva.levels[name].make(q.parts)
  local by_row = rows_of.sum(q.s, over == "country" and q.whole or q.r, matrix)
  local found = { all = by_row:sum{ by = "row" }:column_list(1) }
  for p, partner in ipairs(q.partners) do
    if matrix:cols() == 1 then -- what has no partner says nothing of one
      found[p] = partner.label and {} or found.all
    elseif #partner.list == #q.s.countries then
      found[p] = found.all
    else
      local chosen = by_row:take("col", partner.list)
      found[p] = chosen:sum{ by = "row" }:column_list(1)
    end
  end
  q.kept[key] = found
  return found
end

local OVER = { "row", "partners", "country" }

--- A level, or a share, in row k with partner p.
local function value(q, name, over, k, p)
  local found = find(name)
  if found.own or found.origin then
    errors.raise(1653, { message = ("indicators: '%s' cannot be part of another"):format(name),
      object = "indicators", field = name, fix = "build on the levels of capmod: \"EXGR\", ..." })
  end
  over = args.choice(over or "row", "over", OVER, name)
  if found.part then
    local whole = value(q, found.whole, found.over, k, p)
    local part = value(q, found.part, "row", k, p)
    return part and whole and whole ~= 0 and part / whole or nil
  end
  local list = sums(q, found.name, over)
  return list[over == "row" and p or "all"][k]
end

--- What an author's `compute` gives for a row.
local function computed(q, own, k, p)
  local ask = setmetatable({ country = q.r.cells[k].country, sector = q.r.cells[k].sector,
    partner = q.partners[p].label, table = q.table }, {
    __call = function(_, name, over) return value(q, name, over, k, p) end })
  local found = own.compute(ask)
  if found ~= nil and type(found) ~= "number" then
    errors.raise(1653, { message = ("indicator '%s' computes a %s, not a number"):format(own.name,
      args.kind(found)), object = own.name, field = "compute", fix = "give a number, or nil" })
  end
  return found and found == found and math.abs(found) ~= math.huge and found or nil
end

local function column(asked)
  local is_share = asked.part or asked.own and asked.own.share
  return { name = asked.name, format = is_share and "percent" or nil,
    unit = asked.own and asked.own.unit or nil }
end

-- ---- what holds ---------------------------------------------------------------------------------

--- The worst gap of an identity over the rows, all partners together, relative to the largest of
--- its levels, but for what is not traced, and this; nil where a level was not formed.
local function worst_gap(q, identity)
  local lists, worst = {}, 0
  for i, name in ipairs(identity) do
    lists[i] = q.kept[name] and q.kept[name].all
    if not lists[i] then return nil end
  end
  local but = identity.but and rows_of.sum(q.s, q.r, q.parts.untraced[identity.but]):column_list(1)
  for k, whole in ipairs(lists[1]) do
    local sum, size = 0, math.abs(whole)
    for i = 2, #lists do
      sum, size = sum + lists[i][k], math.max(size, math.abs(lists[i][k]))
    end
    local gap = math.min(math.abs(whole - sum), math.abs(whole - sum - (but and but[k] or 0)))
    worst = math.max(worst, gap / math.max(size, 1e-300))
  end
  local left = 0
  for _, amount in ipairs(but or {}) do left = left + amount end
  return worst, left
end

--- Of the sums that hold those all of whose levels were formed.
local function checks(q)
  local lines = {}
  for _, identity in ipairs(tiva.sums) do
    local worst, left = worst_gap(q, identity)
    if worst then
      local words = ("%s = %s"):format(identity[1], table.concat(identity, " + ", 2))
      lines[#lines + 1] = worst > 1e-9 and ("does NOT add up: %s (gap %.1e)"):format(words, worst)
        or "adds up: " .. words .. (left == 0 and "" or (", but for %s of nodes without output")
          :format(text.short(left)))
    end
  end
  return lines
end

--- What the frame is of; countries and partners that are no keys stand in it.
local function title_of(names, t, has)
  local title = #names == 1 and ("%s: %s"):format(names[1].name, names[1].about)
    or "indicators of trade in value added"
  local function add(word, given)
    if not given then return end
    title = ("%s, %s %s"):format(title, word, type(given) == "table" and table.concat(given, ", ")
      or given)
  end
  if not has.country then add("of", t.countries) end
  if not has.sector then add("in", t.sectors) end
  if not has.partner then add("with", t.partners) end
  return title
end

-- ---- origins ------------------------------------------------------------------------------------

--- The group of each of n places from items; a place in two items is refused.
local function groups_of(n, items, labels)
  local groups = {}
  for i = 1, n do groups[i] = 0 end
  for k, item in ipairs(items) do
    for _, i in ipairs(item.list) do
      if groups[i] ~= 0 then
        errors.raise(1606, { message = ("indicators: %s stands in two of the groups asked for")
          :format(labels[i]), object = "indicators", fix = "name each once" })
      end
      groups[i] = k
    end
  end
  return groups
end

local function numbered(n)
  local labels = {}
  for i = 1, n do labels[i] = tostring(i) end
  return labels
end

--- The flow as columns over the nodes, one for each row of r: by country and sector that sells, or
--- by country that buys and product.
local function flow_columns(s, origin, r)
  local country = groups_of(#s.countries, r.countries, s.countries)
  local sector, nodes = groups_of(#s.sectors, r.sectors, s.sectors), {}
  local n, wide, deep = #s.sectors, #r.countries, #r.sectors
  for i = 1, #s.nodes do
    local c, k = country[(i - 1) // n + 1], sector[(i - 1) % n + 1]
    nodes[i] = k == 0 and 0 or origin.to and k or c == 0 and 0 or (c - 1) * deep + k
  end
  local part, one = s.table:part(origin.flow), {}
  for c = 1, #s.countries do one[c] = 1 end
  if not origin.to then
    return s.table:demand(part, nodes, numbered(wide * deep), one, { "all" })
  end
  local order = {} -- the columns run through countries within each product
  for c = 1, wide do
    for k = 1, deep do order[#order + 1] = (k - 1) * wide + c end
  end
  return s.table:demand(part, nodes, numbered(deep), country, numbered(wide)):take("col", order)
end

--- The origins: a group for each partner, or each of its industries.
local function origin_groups(s, from, industries)
  local by_country, n, groups = groups_of(#s.countries, from, s.countries), #s.sectors, {}
  for i = 1, #s.nodes do
    local g = by_country[(i - 1) // n + 1]
    local k = industries > 1 and (i - 1) % n + 1 or 1
    groups[i] = g == 0 and 0 or (g - 1) * industries + k
  end
  return groups, numbered(#from * industries)
end

local function answer_origin(s, t, asked)
  local has = read_by(t.by or { "country", "partner", "source" },
    { "country", "sector", "partner", "source" })
  local r = sides(s, t, has)
  local from, notes = partners_of(s, t.partners, has.partner)
  local industries = has.source and #s.sectors or 1
  rows_of.guard(#r.cells * #from * industries, "indicators", 'leave "source" or "sector" out of '
    .. "`by`, or name countries and partners")
  local found = s.table:origin(nil, flow_columns(s, asked.origin, r),
    origin_groups(s, from, industries))
  local rows = {}
  for k, cell in ipairs(r.cells) do
    for g, amount in ipairs(found:column_list(k)) do
      rows[#rows + 1] = { country = cell.country, sector = cell.sector,
        partner = from[(g - 1) // industries + 1].label,
        source = has.source and s.sectors[(g - 1) % industries + 1] or nil, [asked.name] = amount }
    end
  end
  local keys, cols = heads(s, r, has)
  cols[#cols + 1] = { name = asked.name }
  table.move(notes, 1, #notes, #r.notes + 1, r.notes)
  return frame{ title = title_of({ asked }, t, has), unit = s.unit, keys = keys, cols = cols,
    rows = rows, note = rows_of.wrapped(r.notes), bar = false }
end

-- ---- the verb -----------------------------------------------------------------------------------

local function all_of(names, test)
  for _, asked in ipairs(names) do
    if not test(asked) then return false end
  end
  return true
end

--- The values by row and partner as rows of a frame.
local function rows_for(q, names)
  local rows = {}
  for k, cell in ipairs(q.r.cells) do
    for p, partner in ipairs(q.partners) do
      local row, any = { country = cell.country, sector = cell.sector, partner = partner.label }
      for _, asked in ipairs(names) do
        local found
        if asked.own then
          found = computed(q, asked.own, k, p)
        else
          found = value(q, asked.name, "row", k, p)
        end
        row[asked.name] = found
        any = any or found and found ~= 0
      end
      if any or partner.label ~= cell.country then rows[#rows + 1] = row end
    end
  end
  return rows
end

--- Indicators of trade in value added, by the OECD's names in any mixture of capitals
--- (docs/indicators.md has the formula of each), or by those of cm.define.indicator.
---
---     m:indicators{ "EXGR_DVASH", "EXGR_FVASH", countries = "ASEAN" }
---     m:indicators{ "DEXFVApSH", countries = "CHN", by = "partner" }
---     m:indicators{ "EXGR_BSCI", countries = "DEU", partners = "EU27 - DEU" }
---
--- `countries` in a string are a row each, in a list an item each (a group is one row; trade among
--- its members counts). `by`: country (default; with partner where all are partner shares), sector
--- (of the exporter, the importer's product, or the origin), partner. Shares are ratios of sums and
--- print as percent; nil where there is nothing to share, or no partner (output, value added). Sums
--- that must hold stand below.
---
--- An author's own is a function of a row: cm.define.indicator{ name = "OWN", about = "...",
--- share = true, compute = function(q) return q "EXGR_DDC" / q "EXGR" end }; q(name, "partners") is
--- over all partners, q(name, "country") over all industries too; q.country, q.sector, q.partner
--- and q.table are what the row is of.
--- CM1001-1004, CM11xx, CM1606, CM1650 too many rows, CM1651 no such indicator, CM1652 none or one
--- that stands alone, CM1653 an author's that gives no number, CM4001, CM4002.
--- Source: OECD (2021), Guide to OECD's Trade in Value Added Indicators.
---@param self capmod.Mrio
---@param t table
---@return capmod.Frame
function indicators.indicators(self, t)
  local s = store.of(self)
  args.one(t, "indicators", "argument", "table", "string")
  local names, fields = split(t)
  local origin = alone(names)
  if origin then return answer_origin(s, fields, origin) end
  local default = all_of(names, function(asked) return asked.by_partner end)
    and { "country", "partner" } or "country"
  local has = read_by(fields.by or default, { "country", "sector", "partner" })
  local r, whole = sides(s, fields, has)
  local partners, notes = partners_of(s, fields.partners, has.partner)
  rows_of.guard(#r.cells * #partners, "indicators", 'leave "partner" or "sector" out of `by`, or '
    .. "name countries")
  local q = { s = s, r = r, whole = whole, partners = partners, kept = {}, parts = tiva.parts(s),
    table = self }
  local rows = rows_for(q, names)
  local keys, cols = heads(s, r, has)
  for _, asked in ipairs(names) do cols[#cols + 1] = column(asked) end
  table.move(notes, 1, #notes, #r.notes + 1, r.notes)
  return frame{ title = title_of(names, fields, has), unit = s.unit, keys = keys, cols = cols,
    rows = rows, bar = false, note = rows_of.wrapped(r.notes), check = checks(q) }
end

return indicators

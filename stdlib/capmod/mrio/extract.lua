--- m:extract{}: what is lost where links are cut (hypothetical extraction).

local args = require "capmod.args"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local group = require "capmod.mrio.group"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local extract = {}

local FIELDS = {
  country = { "string", "list", about = "a country or a group, as one" },
  sector = { "string", "list", about = "a sector, wherever it is" },
  node = { "string", "list", about = "a sector of a country: \"DEU.C29\"" },
  flow = { "table", about = "{ from = , to = , uses = \"all\", \"intermediate\" or \"final\" }" },
  kind = { "string", about = "complete (default), backward, forward, exports" },
  own = { "string", about = "what it sells to itself: \"kept\" or \"cut\"" },
  each = { "string", about = "one by one: \"node\", \"country\" or \"sector\"" },
  by = { "string", "list", about = "country (default), sector: where it is lost" },
  satellite = { "string", "list", about = "satellite rows to count as well: \"EMP\"" },
}
local FLOW = {
  from = { "string", "list", required = true, about = "who sells: \"RUS\", \"RUS.D35\"" },
  to = { "string", "list", required = true, about = "who buys" },
  uses = { "string", about = "all (default), intermediate or final" },
}
local KINDS = { "complete", "backward", "forward", "exports" }

-- ---- what is cut --------------------------------------------------------------------------------

local function marks(list)
  local set = {}
  for _, i in ipairs(list) do set[i] = true end
  return set
end

--- The places 1 .. n for which `test` holds.
local function where(n, test)
  local list = {}
  for i = 1, n do
    if test(i) then list[#list + 1] = i end
  end
  return list
end

--- Columns of final demand of the countries for which `test` holds.
local function finals(s, test)
  local per = #s.columns // #s.countries
  return where(#s.columns, function(c) return test((c - 1) // per + 1) end)
end

local function everyone(s) return where(#s.nodes, function() return true end) end

--- All flows between `list` and the others, in both directions; its own too unless they are kept.
local function cut_complete(s, list, set, kept, countries)
  local others = where(#s.nodes, function(i) return not set[i] end)
  local function foreign(c) return not countries[c] end
  local home = function(c) return countries[c] end
  if not next(countries) then foreign, home = function() return true end, function() end end
  if kept then
    return { { from = list, to = others, final = finals(s, foreign) },
      { from = others, to = list, final = finals(s, home) } }
  end
  return { { from = list, to = everyone(s), final = finals(s, function() return true end) },
    { from = others, to = list, final = finals(s, home) } }
end

--- Sales abroad: of a region to all others, of nodes each to what is not its country.
local function cut_exports(s, list, set, countries)
  if next(countries) then
    return { { from = list, to = where(#s.nodes, function(i) return not set[i] end),
      final = finals(s, function(c) return not countries[c] end) } }
  end
  local cuts = {}
  for c = 1, #s.countries do
    local mine = {}
    for _, i in ipairs(list) do
      if places.country_of(s, i) == c then mine[#mine + 1] = i end
    end
    if #mine > 0 then
      cuts[#cuts + 1] = { from = mine,
        to = where(#s.nodes, function(i) return places.country_of(s, i) ~= c end),
        final = finals(s, function(k) return k ~= c end) }
    end
  end
  return cuts
end

--- The cuts of an extraction of nodes; `countries` is the set of whole countries extracted.
local function cuts_of(s, list, countries, kind, own)
  local set = marks(list)
  local kept = own == "kept"
  local others = kept and where(#s.nodes, function(i) return not set[i] end) or everyone(s)
  if kind == "complete" then return cut_complete(s, list, set, kept, countries) end
  if kind == "exports" then return cut_exports(s, list, set, countries) end
  if kind == "backward" then return { { from = others, to = list } } end
  return { { from = list, to = others } }
end

--- Whole countries among some nodes, for final demand goes to countries.
local function whole_countries(s, list)
  local count, set = {}, {}
  for _, i in ipairs(list) do
    local c = places.country_of(s, i)
    count[c] = (count[c] or 0) + 1
    if count[c] == #s.sectors then set[c] = true end
  end
  return set
end

local function flow_cuts(s, given)
  args.check("extract, flow", given, FLOW)
  local uses = args.choice(given.uses or "all", "uses", { "all", "intermediate", "final" },
    "extract, flow")
  local from, to = places.nodes(s, given.from, "from"), places.nodes(s, given.to, "to")
  local buyers = whole_countries(s, to.list)
  local cut = { from = from.list, to = uses ~= "final" and to.list or nil,
    final = uses ~= "intermediate" and finals(s, function(c) return buyers[c] end) or nil }
  local title = ("%s%s to %s"):format(uses == "all" and "" or uses == "final" and
    "final products of " or "intermediates of ", from.title, to.title)
  return { cut }, title, group.notes(from, to)
end

-- ---- what is lost -------------------------------------------------------------------------------

local function satellites(t)
  return type(t.satellite) == "table" and t.satellite or { t.satellite }
end

--- What is counted: names, rows per unit of output (nil: output), and their totals by node.
local function measures(s, t, kind)
  local x = s.table:part "x"
  local list = { { name = "output", whole = x, unit = s.unit } }
  if kind ~= "forward" then
    list[2] = { name = "value_added", row = s.table:part "v", unit = s.unit }
  end
  for _, name in ipairs(kind ~= "forward" and satellites(t) or {}) do
    local row, _, unit = group.weights(s, { satellite = name })
    list[#list + 1] = { name = name, row = row, unit = unit }
  end
  for _, m in ipairs(list) do m.whole = m.whole or m.row:T() * x end
  return list
end

local function share(part, whole) return whole ~= 0 and part / whole or nil end

--- One extraction as a frame: by country or sector, what is lost of each measure.
local function frame_of(s, t, kind, cuts, title, notes)
  local g = group.nodes(s, t.by or "country", "extract")
  local loss = s.table:extract(kind == "forward" and "supply" or "demand", cuts)
  local cols, columns, check = group.columns(s, g), {}, {}
  for _, key in ipairs(g.keys) do
    columns[key] = {}
    for i, cell in ipairs(g.cells) do columns[key][i] = cell[key] end
  end
  for _, m in ipairs(measures(s, t, kind)) do
    local lost = m.row and m.row:T() * loss or loss
    local by, whole, shares = group.sum(lost, g), group.sum(m.whole, g), {}
    for i, value in ipairs(by) do shares[i] = share(value, whole[i]) end
    columns[m.name], columns[m.name .. "_share"] = by, shares
    cols[#cols + 1] = { name = m.name, unit = m.unit ~= s.unit and m.unit or nil }
    cols[#cols + 1] = { name = m.name .. "_share", format = "percent", label = "share" }
    local total, of = lost:sum(), m.whole:sum()
    check[#check + 1] = ("the world loses %s %s, %s"):format(
      text.number(total, text.number_style({ total }, 1)), m.name:gsub("_", " "),
      of ~= 0 and text.percent(total / of) or "of nothing")
  end
  local f = frame{ title = title, unit = s.unit, keys = g.keys, cols = cols, columns = columns,
    check = check, note = notes, bar = kind == "forward" and "output_share" or "value_added_share" }
  return f:sort{ by = kind == "forward" and "output" or "value_added", descending = true }
end

-- ---- one by one ---------------------------------------------------------------------------------

local function spread_columns(s, t)
  local g = group.nodes(s, t.by or "country", "extract")
  local cols = {}
  for i, label in ipairs(g.labels) do cols[i] = { name = label } end
  return g, cols
end

--- Losses of each thing extracted: world sums, and by group where asked (`by`).
local function frame_of_each(s, t, labels, rows, title, notes)
  local key, what = t.each, rows.measure
  local g, spread = spread_columns(s, t)
  local columns = { [key] = labels, lost = {} }
  local cols = { { name = key, kind = key ~= "node" and key or nil }, { name = "lost" } }
  for k, label in ipairs(g.labels) do
    columns[label] = {}
    for i, row in ipairs(rows) do columns[label][i] = row[k] end
    cols[#cols + 1] = t.by and spread[k] or nil
  end
  for i, row in ipairs(rows) do
    local total = 0
    for _, value in ipairs(row) do total = total + value end
    columns.lost[i] = total
  end
  if not t.by then columns = { [key] = labels, lost = columns.lost } end
  return frame{ title = ("%s lost in the world, %s"):format(what, title), unit = rows.unit,
    keys = { key }, cols = cols, columns = columns, note = notes, bar = not t.by and "lost" }
end

--- What one measure loses: the residual value added, one satellite, or output (forward).
local function one_measure(s, t, kind)
  if kind == "forward" then return nil, "output", s.unit end
  local name = satellites(t)[1]
  local row, what, unit = group.weights(s, { satellite = name })
  return row, what, unit
end

local function chosen_nodes(s, t)
  if t.node then return places.nodes(s, t.node, "node") end
  if t.country then return places.nodes(s, t.country, "country") end
  if t.sector then
    local found = places.sectors(s, t.sector)
    local set = marks(found.list)
    return { list = where(#s.nodes, function(i) return set[places.sector_of(s, i)] end),
      title = found.title, notes = found.notes }
  end
  return { list = everyone(s), title = "the world", notes = {} }
end

local function each_node(s, t, kind)
  local found, g = chosen_nodes(s, t), spread_columns(s, t)
  local row, what, unit = one_measure(s, t, kind)
  local matrix = s.table:extract_each(kind, row, g.groups, g.labels)
  local labels, rows = {}, { measure = what, unit = unit }
  for k, i in ipairs(found.list) do labels[k], rows[k] = s.nodes[i], matrix:row_list(i) end
  return frame_of_each(s, t, labels, rows,
    ("each node of %s extracted in turn (%s)"):format(found.title, kind), group.notes(found))
end

--- Countries or sectors one by one, each an extraction of its own from the kept factor.
local function each_group(s, t, kind, own)
  local g = spread_columns(s, t)
  local row, what, unit = one_measure(s, t, kind)
  local by_country = t.each == "country"
  local found = by_country and places.countries(s, t.country or "*")
    or places.sectors(s, t.sector or "*")
  local labels, rows = {}, { measure = what, unit = unit }
  for k, at in ipairs(found.list) do
    local list = where(#s.nodes, function(i)
      return (by_country and places.country_of or places.sector_of)(s, i) == at
    end)
    local cuts = cuts_of(s, list, by_country and { [at] = true } or {}, kind, own)
    local loss = s.table:extract(kind == "forward" and "supply" or "demand", cuts)
    labels[k] = (by_country and s.countries or s.sectors)[at]
    rows[k] = group.sum(row and row:T() * loss or loss, g)
  end
  return frame_of_each(s, t, labels, rows,
    ("each %s extracted in turn (%s, own flows %s)"):format(t.each, kind, own), group.notes(found))
end

-- ---- the question -------------------------------------------------------------------------------

local function refuse(s, message, fix)
  errors.raise(1620, { message = "extract: " .. message, object = s.name, fix = fix })
end

--- Refuses what does not go together, and settles what was left out.
local function settle(s, t)
  local named = {}
  for _, field in ipairs{ "country", "sector", "node", "flow" } do
    if t[field] ~= nil then named[#named + 1] = field end
  end
  if #named > 1 then
    refuse(s, ("'%s' and '%s' are two questions"):format(named[1], named[2]), "ask one at a time")
  elseif #named == 0 and not t.each then
    refuse(s, "nothing is named", 'extract{ country = "RUS" }, or sector, node, flow, each')
  end
  if t.each then args.choice(t.each, "each", { "node", "country", "sector" }, "extract") end
  if t.flow and (t.kind or t.own or t.each) then
    refuse(s, "a flow is cut as it stands: 'kind', 'own' and 'each' do not go with it",
      "leave them out")
  end
  local kind = args.choice(t.kind or "complete", "kind", KINDS, "extract")
  local whole = t.country and not t.each or t.each == "country"
  local own = args.choice(t.own or whole and "kept" or "cut", "own", { "kept", "cut" }, "extract")
  if t.each == "node" and own == "kept" then
    refuse(s, "each node is extracted with its own flows", 'leave out own = "kept"')
  elseif t.each and t.each ~= "node" and (t.node or t.country and t.each ~= "country"
      or t.sector and t.each ~= "sector") then
    refuse(s, ("each = '%s' takes its members from '%s'"):format(t.each, t.each),
      ("write %s = { ... }"):format(t.each))
  end
  return kind, own
end

--- Hypothetical extraction: output and value added (and satellites) lost, by country, when links
--- are cut and nothing takes their place.
---
---     m:extract{ country = "RUS" }                          its trade with all others ends
---     m:extract{ country = "CHN", kind = "exports" }        Los, Timmer, de Vries 2016
---     m:extract{ sector = "C29", by = { "country", "sector" }, satellite = "EMP" }
---     m:extract{ flow = { from = "RUS.D35", to = "EU27" } }
---     m:extract{ each = "node" }                            every node in turn, in one go
---
--- `kind`: "complete" cuts all purchases and sales, final ones too; "backward" the intermediate
--- purchases; "forward" the intermediate sales, in Ghosh's supply-driven system, where value added
--- is given and only output is lost; "exports" the sales abroad. `own` says whether what it sells
--- to itself is "kept" (a country's default: it goes on alone) or "cut" (a sector's and a node's);
--- exports have no own. A flow to whole countries includes their final demand, unless `uses` says
--- otherwise. Value added per unit of output stays as it is. `each` gives a row for each node,
--- country or sector extracted, with the world's loss, and `by` columns of where it is lost.
--- Sources: Miller and Blair 2009, sect. 12.2.6; Dietzenbacher and van der Linden 1997; Los,
--- Timmer, de Vries 2016. Solved from the kept factor where the change is of low rank.
--- CM1001-1004, CM11xx, CM1609, CM1620 what does not go together, CM4001, CM4002.
---@param self capmod.Mrio
---@param t table
---@return capmod.Frame
function extract.extract(self, t)
  local s = store.of(self)
  args.check("extract", t, FIELDS)
  local kind, own = settle(s, t)
  if t.flow then
    local cuts, title, notes = flow_cuts(s, t.flow)
    return frame_of(s, t, "complete", cuts, "lost without " .. title, notes)
  end
  if t.each == "node" then return each_node(s, t, kind) end
  if t.each then return each_group(s, t, kind, own) end
  local found = chosen_nodes(s, t)
  local cuts = cuts_of(s, found.list, t.country and whole_countries(s, found.list) or {}, kind, own)
  local what = kind == "exports" and "the exports of " .. found.title
    or ("%s (%s extraction, own flows %s)"):format(found.title, kind, own)
  return frame_of(s, t, kind, cuts, "lost without " .. what, group.notes(found))
end

return extract

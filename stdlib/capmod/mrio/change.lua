--- Tables from tables: changed purchases and demand, shifts of sourcing, aggregation.
--- Output is solved again by the engine; what is held fixed stands at each verb.

local args = require "capmod.args"
local blocks = require "capmod.mrio.blocks"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"

local change = {}

-- ---- cells --------------------------------------------------------------------------------------

local Edit = { __name = "cm.Edit" }

--- New values for a few cells: cm.edit{ ["ETH.C15"] = { USA = 120 } }, rows first. For Y the
--- columns are countries ("USA.HFCE" where they have several), for Z nodes. CM1003.
---@param cells table<string, table<string, number>>
---@return table edit
function change.edit(cells)
  args.one(cells, "edit", "cells", "table")
  for row, values in each(cells) do
    args.one(row, "edit", "row", "string")
    args.one(values, "edit", ("row '%s'"):format(row), "table")
    for col, value in each(values) do
      args.one(col, "edit", "column", "string")
      args.one(value, "edit", ("'%s' in row '%s'"):format(col, row), "number")
    end
  end
  return setmetatable({ cells = cells }, Edit)
end

local function one_node(s, name, field)
  local found = places.nodes(s, name, field)
  if #found.list == 1 then return found.list[1] end
  errors.raise(1603, { message = ("%s: '%s' is %d nodes, where one is due"):format(
    field, name, #found.list), object = s.name, field = field,
    fix = ("name one, such as %s"):format(s.nodes[found.list[1]]) })
end

--- A column of final demand: "USA.HFCE", or "USA" where that says it.
local function final_column(s, name)
  if s.column_at[name] then return s.column_at[name] end
  if s.categories then
    errors.raise(1603, {
      message = ("Y has no column '%s': each country has %d of them"):format(name, #s.categories),
      object = s.name, field = "Y", fix = errors.did_you_mean(name, s.columns,
        ("name the category: %s.%s"):format(s.countries[1], s.categories[1])),
    })
  end
  return places.countries(s, name).list[1]
end

--- A purchase by a node without output says nothing about its inputs per unit.
local function check_buyer(s, col, x)
  if x[col] ~= 0 then return end
  errors.raise(1604, {
    message = ("%s has no output, so its purchases set no input per unit"):format(s.nodes[col]),
    object = s.name, field = "Z", fix = "change a node that produces something" })
end

local function edited(s, part, edit)
  local rows, cols, values, x = {}, {}, {}, nil
  if part == "Z" then x = s.table:part("x"):column_list(1) end
  for row, cells in each(edit.cells) do
    local i = one_node(s, row, part)
    for col, value in each(cells) do
      local j = part == "Z" and one_node(s, col, part) or final_column(s, col)
      if part == "Z" then check_buyer(s, j, x) end
      rows[#rows + 1], cols[#cols + 1], values[#values + 1] = i, j, value
    end
  end
  return s.table:edited(part, rows, cols, values)
end

--- A new block: edits of the present one, or a whole one as cm.mrio takes it.
local function new_block(s, part, given)
  if given == nil then return nil end
  if getmetatable(given) == Edit then return edited(s, part, given) end
  return blocks.block(given)
end

local function changes_with(s, what)
  local list = table.move(s.changes, 1, #s.changes, 1, {})
  list[#list + 1] = what
  return list
end

local WITH = {
  name = { "string" },
  Z = { "Edit", "string", "table", "Matrix", about = "cm.edit{ ... } or a new block" },
  Y = { "Edit", "string", "table", "Matrix", about = "cm.edit{ ... } or a new block" },
  v = { "table", about = "{ [\"ETH.C15\"] = 0.4 }: value added per unit of output" },
}

--- Purchases under other value added per unit: all inputs of those nodes grow or shrink alike.
local function with_value_added(s, z, map)
  local v, x = s.table:part("v"):row_list(1), s.table:part("x"):column_list(1)
  local times = {}
  for i = 1, #s.nodes do times[i] = 1 end
  for name, value in each(map) do
    args.one(name, "with", "v", "string")
    args.one(value, "with", name, "number")
    for _, i in ipairs(places.nodes(s, name, "v").list) do
      check_buyer(s, i, x)
      if v[i] == 1 and value ~= 1 then
        errors.raise(1604, { message = ("%s buys nothing that could shrink or grow"):format(
          s.nodes[i]), object = s.name, field = "v", fix = "give it purchases in Z" })
      end
      times[i] = v[i] == 1 and 1 or (1 - value) / (1 - v[i])
    end
  end
  return (z or s.table:part "Z") * core.matrix_from({ times }):label{ cols = s.nodes }
end

--- A copy with other final demand, other purchases, or another name.
---
---     m:with{ name = "more shoes", Y = cm.edit{ ["ETH.C15"] = { USA = 120 } } }
---
--- Z and Y are edits of a few cells or whole blocks. Purchases in Z are read at the present
--- output: they set the inputs per unit, Z / x. Then output is solved again for the final demand.
--- Held fixed: final demand (but for Y), all inputs per unit but those changed, published primary
--- inputs and satellites per unit of output. Value added per unit follows as what inputs leave;
--- `v` sets it, { ["ETH.C15"] = 0.4 }, and the inputs of that node all shrink or grow alike.
--- CM1001, CM1003, CM1203, CM1302, CM1603 a cell that is not one, CM1604 a buyer without output,
--- CM4001, CM4002.
---@param self capmod.Mrio
---@param t { name: string?, Z: any, Y: any, v: table<string, number>? }
---@return capmod.Mrio
function change.with(self, t)
  local s = store.of(self)
  args.check("with", t, WITH)
  local z, y = new_block(s, "Z", t.Z), new_block(s, "Y", t.Y)
  if t.v then z = with_value_added(s, z, t.v) end
  if not z and not y then return store.new(s.table, store.facts(s, { name = t.name })) end
  local what = z and y and "purchases and final demand" or z and "purchases" or "final demand"
  return store.new(s.table:with(z, y), store.facts(s, { name = t.name,
    changes = changes_with(s, what .. "; output solved again") }))
end

-- ---- shifts -------------------------------------------------------------------------------------

local SHIFT = {
  name = { "string" },
  input = { "string", "list", required = true, about = "what is bought: a sector, \"*\" for all" },
  buyer = { "string", "list", required = true, about = "who buys: \"USA.C29\", \"USA\", a list" },
  from = { "string", "list", required = true, about = "whose sales move" },
  to = { "string", required = true, about = "the country that they move to" },
  share = { "number", required = true, about = "how much of them moves, 0 to 1" },
}

local function shift_places(s, t)
  local to = places.countries(s, t.to)
  if #to.list ~= 1 then
    errors.raise(1603, {
      message = ("shift: 'to' is %d countries, where one is due"):format(#to.list),
      object = s.name, field = "to", fix = "shift to one country at a time" })
  end
  if not (t.share >= 0 and t.share <= 1) then
    errors.raise(1605, { message = ("shift: share = %g is outside 0 to 1"):format(t.share),
      object = s.name, field = "share", fix = "half of the purchases is share = 0.5" })
  end
  local inputs, buyers = places.sectors(s, t.input), places.nodes(s, t.buyer, "buyer")
  return inputs, buyers, places.countries(s, t.from), to
end

--- Moves purchases from one country's producers to another's: `share` of what `buyer` buys of
--- `input` from `from` comes from `to` instead. Output is solved again for the same final demand.
--- Held fixed: final demand, all other inputs per unit, value added per unit of output.
---
---     m:shift{ input = "C29", buyer = "USA.C29", from = "KOR", to = "USA", share = 0.5 }
---
--- CM1001-1003, CM11xx, CM1603 several countries in `to`, CM1605 share, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { input: string|string[], buyer: string|string[], from: string|string[], to: string,
---  share: number, name: string? }
---@return capmod.Mrio
function change.shift(self, t)
  local s = store.of(self)
  args.check("shift", t, SHIFT)
  local inputs, buyers, from, to = shift_places(s, t)
  local sources, goals, n = {}, {}, #s.sectors
  for _, c in ipairs(from.list) do
    for _, i in ipairs(c ~= to.list[1] and inputs.list or {}) do
      sources[#sources + 1] = (c - 1) * n + i
      goals[#goals + 1] = (to.list[1] - 1) * n + i
    end
  end
  local what = ("%g of %s bought by %s moved from %s to %s; output solved again"):format(t.share,
    inputs.title, buyers.title, from.title, to.title)
  return store.new(s.table:shift(sources, goals, buyers.list, t.share),
    store.facts(s, { name = t.name, changes = changes_with(s, what) }))
end

-- ---- aggregation --------------------------------------------------------------------------------

--- { label, selector } in order: of a list as written, of a map by label.
local function group_list(given, field)
  local list = {}
  if given[1] ~= nil then
    for i, item in ipairs(given) do
      local pair = type(item) == "table" and item or { item, item }
      args.one(pair[1], "aggregate", ("%s, item %d"):format(field, i), "string")
      list[i] = { pair[1], args.one(pair[2], "aggregate", pair[1], "string", "list") }
    end
    return list
  end
  for label, selector in each(given) do
    list[#list + 1] = { label, args.one(selector, "aggregate", label, "string", "list") }
  end
  return list
end

--- Which group each label goes to. "*" takes what is left; else that stays by itself.
local function assign(s, given, field, all, choose)
  local group, rest, notes = {}, nil, {}
  for _, pair in ipairs(group_list(given, field)) do
    local label, selector = pair[1], pair[2]
    if selector == "*" then rest = label end
    local found = selector ~= "*" and choose(s, selector) or { list = {}, notes = {} }
    for _, i in ipairs(found.list) do
      if group[i] then
        errors.raise(1606, { message = ("aggregate: %s is in '%s' and in '%s'"):format(all[i],
          group[i], label), object = s.name, field = field, fix = "put each in one group" })
      end
      group[i] = label
    end
    table.move(found.notes, 1, #found.notes, #notes + 1, notes)
  end
  for i, label in ipairs(all) do group[i] = group[i] or rest or label end
  return group, rest, notes
end

--- Labels of the groups, and their numbers for each place: a list's in its order, a map's in the
--- order of their first members, the rest last.
local function number_groups(given, group, rest)
  local labels, at, numbers = {}, {}, {}
  local function add(label)
    if not at[label] then
      labels[#labels + 1], at[label] = label, #labels + 1
    end
  end
  local used = {}
  for _, label in ipairs(group) do used[label] = true end
  for _, item in ipairs(given) do
    local label = type(item) == "table" and item[1] or item
    if used[label] then add(label) end
  end
  for _, label in ipairs(group) do
    if label ~= rest then add(label) end
  end
  if rest and used[rest] then add(rest) end
  for i, label in ipairs(group) do numbers[i] = at[label] end
  return numbers, labels
end

--- Groups of sectors by another classification: { C = { "C10T12", ... }, ... } in its order.
local function by_classification(s, name)
  local codes = require "capmod.codes"
  local to = (name == "ISIC-sections" or name == "sections") and "ISIC4" or name
  if not s.class then
    errors.raise(1607, { message = ("aggregate: the sectors of '%s' are of no known classification")
      :format(s.name), object = s.name, field = "sectors",
      fix = "give the groups: sectors = { manufacturing = { ... }, services = \"*\" }" })
  end
  local target, map = codes.classification(to), codes.concordance(s.class.name, to)
  local group, order = {}, {}
  for i, code in ipairs(s.sectors) do group[i] = map[code] or code end
  for i, code in ipairs(target.codes) do order[i] = code end
  local numbers, labels = number_groups(order, group)
  return numbers, labels, target.name
end

local AGGREGATE = {
  name = { "string" },
  countries = { "table", about = "{ EU = \"EU27\", ROW = \"*\" }: label and selector" },
  sectors = { "string", "table", about = "groups, or a classification: \"ISIC-sections\"" },
}

local function identity(all)
  local numbers = {}
  for i = 1, #all do numbers[i] = i end
  return numbers, all
end

--- Sums countries and sectors into groups.
---
---     m:aggregate{ countries = { EU = "EU27", ROW = "*" }, sectors = "ISIC-sections" }
---     m:aggregate{ countries = { "CHN", { "EU", "EU27" }, { "ROW", "*" } } }
---
--- A map of labels and selectors, or a list in the order wanted; "*" takes all that no other group
--- does; what nobody takes stays by itself. `sectors` may name a classification.
--- CM1001-1003, CM11xx, CM1606 in two groups, CM1607 no classification known.
---@param self capmod.Mrio
---@param t { countries: table?, sectors: string|table|nil, name: string? }
---@return capmod.Mrio
function change.aggregate(self, t)
  local s = store.of(self)
  args.check("aggregate", t, AGGREGATE)
  local c_numbers, c_labels = identity(s.countries)
  local s_numbers, s_labels = identity(s.sectors)
  local changes = { "aggregated" }
  if t.countries then
    local group, rest, notes = assign(s, t.countries, "countries", s.countries, places.countries)
    c_numbers, c_labels = number_groups(t.countries, group, rest)
    table.move(notes, 1, #notes, 2, changes)
  end
  local class = not t.sectors and s.classification or nil
  if type(t.sectors) == "string" then
    s_numbers, s_labels, class = by_classification(s, t.sectors)
  elseif t.sectors then
    local group, rest = assign(s, t.sectors, "sectors", s.sectors, places.sectors)
    s_numbers, s_labels = number_groups(t.sectors, group, rest)
  end
  changes[1] = ("%d countries to %d, %d sectors to %d"):format(#s.countries, #c_labels, #s.sectors,
    #s_labels)
  local facts = store.facts(s, { name = t.name, changes = table.move(changes, 1, #changes,
    #s.changes + 1, table.move(s.changes, 1, #s.changes, 1, {})) })
  facts.classification = class
  return store.new(s.table:aggregate(c_numbers, c_labels, s_numbers, s_labels), facts)
end

return change

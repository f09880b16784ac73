--- m:intermediates{} and cm.division_of_labour{}: how much of output and of trade is intermediate,
--- from home and from abroad, and whether the division of labour between countries has deepened.

local args = require "capmod.args"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local places = require "capmod.mrio.places"
local rows = require "capmod.mrio.rows"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local intermediates = {}

local FIELDS = {
  country = { "string", "list", about = "only these; a group counts as its members" },
}

-- ---- one table ----------------------------------------------------------------------------------

--- Flows between countries, G x G: inputs, and final demand.
local function between_countries(s)
  local at = {}
  for i = 1, #s.nodes do at[i] = places.country_of(s, i) end
  local Z = s.table:part "Z":group("row", at, s.countries):group("col", at, s.countries)
  return Z, s.table:part "D":group("row", at, s.countries)
end

local function share(part, whole) return whole > 0 and part / whole or nil end

--- The shares of a country, or of several added up.
local function row_of(f, name, list)
  local sum = { output = 0, inputs = 0, home = 0, abroad = 0, out_inputs = 0, out = 0, into = 0,
    into_inputs = 0 }
  for _, c in ipairs(list) do
    local home, used, sold = f.Z:get(c, c), f.used[c], f.sold[c]
    local final_out, final_in = f.final_sold[c] - f.D:get(c, c), f.final_used[c] - f.D:get(c, c)
    sum.output = sum.output + sold + f.final_sold[c]
    sum.inputs, sum.home = sum.inputs + used, sum.home + home
    sum.abroad = sum.abroad + used - home
    sum.out_inputs = sum.out_inputs + sold - home
    sum.out = sum.out + sold - home + final_out
    sum.into_inputs = sum.into_inputs + used - home
    sum.into = sum.into + used - home + final_in
  end
  return { country = name, output = sum.output, inputs = share(sum.inputs, sum.output),
    home = share(sum.home, sum.output), abroad = share(sum.abroad, sum.output),
    imported = share(sum.abroad, sum.inputs), exports = share(sum.out_inputs, sum.out),
    imports = share(sum.into_inputs, sum.into), traded = share(sum.out, sum.output) }
end

local NOTE = { "inputs, home, abroad: of output; imported: of inputs; exports, imports: what of "
  .. "them is intermediate;", "traded: exports of output; at current prices" }

--- The share of intermediates in output and in trade by country, and in the world: inputs used over
--- output, from `home` and from `abroad`; what part of the inputs is `imported`; what part of
--- `exports` and of `imports` is intermediate; and how much of output is `traded`. All at the
--- prices of the year, so that dearer oil counts as more inputs. CM11xx countries.
---@param t? { country: string|string[]|nil }
---@return cm.Frame
function intermediates.intermediates(self, t)
  local s = store.of(self)
  args.check("intermediates", t or {}, FIELDS)
  local Z, D = between_countries(s)
  local f = { Z = Z, D = D, used = Z:sum{ by = "col" }:row_list(1),
    sold = Z:sum{ by = "row" }:column_list(1), final_sold = D:sum{ by = "row" }:column_list(1),
    final_used = D:sum{ by = "col" }:row_list(1) }
  local chosen = places.countries(s, t and t.country or "*")
  local list, all = {}, {}
  for k, c in ipairs(chosen.list) do list[k] = row_of(f, s.countries[c], { c }) end
  for c = 1, #s.countries do all[c] = c end
  if not (t and t.country) then list[#list + 1] = row_of(f, "world", all) end
  local cols, keys = { { name = "country", kind = "country" } }, { "country" }
  if s.year then
    table.insert(cols, { name = "year" })
    keys[2] = "year"
    for _, row in ipairs(list) do row.year = s.year end
  end
  cols[#cols + 1] = { name = "output", digits = 0 }
  for _, name in ipairs{ "inputs", "home", "abroad", "imported", "exports", "imports", "traded" } do
    cols[#cols + 1] = { name = name, format = "percent" }
  end
  return frame{ title = ("intermediates of '%s'"):format(s.name), unit = s.unit, keys = keys,
    cols = cols, rows = list, bar = false,
    note = table.move(rows.wrapped(chosen.notes), 1, 99, #NOTE + 1, { NOTE[1], NOTE[2] }) }
end

-- ---- several tables -----------------------------------------------------------------------------

-- What the claim says of a country: intermediates are more of output and of exports, and more of
-- them come from abroad.
local MEASURES = { "inputs", "exports", "imported" }

local function refuse(message, fix)
  errors.raise(1663, { message = "division of labour: " .. message, object = "division_of_labour",
    fix = fix })
end

--- The tables in order of their years.
local function in_order(t)
  local list = {}
  for i = 1, #t do
    if not store.is(t[i]) then
      refuse(("thing %d is a %s, not a table"):format(i, args.kind(t[i])),
        "cm.division_of_labour{ m1995, m2005, m2011 }")
    end
    if not t[i].year then
      refuse(("'%s' has no year"):format(t[i].name), "give it one: year = 2005")
    end
    list[i] = t[i]
  end
  if #list < 2 then
    refuse(#list == 0 and "there is no table" or "one table shows no change", "give two or more: "
      .. "cm.division_of_labour{ m1995, m2005, m2011 }")
  end
  table.sort(list, function(a, b) return a.year < b.year end)
  for i = 2, #list do
    if list[i].year == list[i - 1].year then
      refuse(("two tables are of %d"):format(list[i].year), "give one of each year")
    end
    if list[i].unit ~= list[1].unit then
      refuse(("'%s' is in '%s', '%s' in '%s'"):format(list[i].name, tostring(list[i].unit),
        list[1].name, tostring(list[1].unit)), "tables of one source can be compared")
    end
  end
  return list
end

--- "supported" where all measures rise, "refuted" where none does, else "mixed"; nil without
--- figures.
local function verdict(changes, least)
  local up = 0
  for _, name in ipairs(MEASURES) do
    if not changes[name] then return nil end
    if changes[name] > least then up = up + 1 end
  end
  return up == #MEASURES and "supported" or up == 0 and "refuted" or "mixed"
end

--- Whether what rose from the first year to the last did so in every step.
local function is_steady(shares, least)
  for _, name in ipairs(MEASURES) do
    if shares[#shares][name] - shares[1][name] > least then
      for i = 2, #shares do
        if shares[i][name] <= shares[i - 1][name] then return false end
      end
    end
  end
  return true
end

local function row_of_claim(country, shares, least)
  local row, changes = { country = country }, {}
  local first, last = shares[1], shares[#shares]
  for _, name in ipairs(MEASURES) do
    changes[name] = first and last and first[name] and last[name] and last[name] - first[name]
    row[name], row["+" .. name] = last and last[name], changes[name]
  end
  row.claim = verdict(changes, least)
  if row.claim == "supported" or row.claim == "mixed" then
    row.steady = is_steady(shares, least) and "yes" or "no"
  end
  return row
end

local function count_line(rows_of_countries)
  local counts = { supported = 0, mixed = 0, refuted = 0 }
  for _, row in ipairs(rows_of_countries) do
    if row.country ~= "world" and row.claim then counts[row.claim] = counts[row.claim] + 1 end
  end
  return ("by country: supported in %d, mixed in %d, refuted in %d"):format(counts.supported,
    counts.mixed, counts.refuted)
end

--- Whether the division of labour between countries has deepened, from tables of several years. The
--- claim has three parts: intermediates are a larger part of output (`inputs`), a larger part of
--- exports (`exports`), and more of them are `imported`. From the first year to the last it is
--- supported in a country where all three rise by more than `least` (0.001, a tenth of a point),
--- refuted where none does, and mixed otherwise; `steady` says whether what rose did so in every
--- step. The table shows the shares of the last year and their changes. At current prices: a rise
--- of the price of oil alone raises the first and the third. CM1663 tables that make no series.
---
---     print(cm.division_of_labour{ m1995, m2005, m2011 })
---@param t { [integer]: capmod.Mrio, least: number? }
---@return cm.Frame
function intermediates.division_of_labour(t)
  args.one(t, "division_of_labour", "tables", "table")
  local least = args.one(t.least or 0.001, "division_of_labour", "least", "number")
  local tables, shares = in_order(t), {}
  for i, m in ipairs(tables) do
    for row in intermediates.intermediates(m):rows() do
      shares[row.country] = shares[row.country] or {}
      shares[row.country][i] = row
    end
  end
  local list = {}
  for row in intermediates.intermediates(tables[#tables]):rows() do
    local mine = shares[row.country]
    local whole = true
    for i = 1, #tables do whole = whole and mine[i] ~= nil end
    if whole then list[#list + 1] = row_of_claim(row.country, mine, least) end
  end
  local cols = { { name = "country", kind = "country" } }
  for _, name in ipairs(MEASURES) do
    cols[#cols + 1] = { name = name, format = "percent" }
    cols[#cols + 1] = { name = "+" .. name, format = "percent" }
  end
  table.move({ { name = "claim" }, { name = "steady" } }, 1, 2, #cols + 1, cols)
  return frame{ title = ("division of labour, %d to %d"):format(tables[1].year,
    tables[#tables].year), keys = { "country" }, cols = cols, rows = list, bar = false,
    check = count_line(list), note = { "claim: intermediates are more of output (inputs) and of "
      .. "exports, and more of them are imported", ("supported: all three rise by more than %s; "
      .. "refuted: none does; at current prices"):format(text.percent(least)),
      "+: the change in percentage points, from the first year to the last" } }
end

return intermediates

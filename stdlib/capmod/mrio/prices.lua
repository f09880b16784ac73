--- m:prices{}: Leontief's price model, costs passed on to the last buyer.

local args = require "capmod.args"
local core = require "capmod.core"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local group = require "capmod.mrio.group"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"

local prices = {}

local FIELDS = {
  cost = { "table", about = "{ [\"CHN\"] = 0.1 }: value added per unit rises by so much" },
  price = { "table", about = "{ [\"SAU.B\"] = 0.5 }: prices that are set from outside" },
  charge = { "table", about = "{ satellite = \"CO2\", rate = 50, on = \"*\" }: paid on each unit" },
  by = { "string", about = "node (default) or destination: prices of final demand" },
  node = { "string", "list", about = "only these products" },
}
local CHARGE = {
  satellite = { "string", required = true }, on = { "string", "list" },
  rate = { "number", required = true, about = "in the table's unit, per unit of the satellite" },
}

local function row_of(s, list) return core.matrix_from({ list }):label{ cols = s.nodes } end

--- Changes by place of a map { place = change }, in order of the places' names.
local function changes_of(s, map, field, found)
  for name, change in each(map) do
    args.one(name, "prices", field, "string")
    args.one(change, "prices", name, "number")
    if change < -1 then
      errors.raise(1623, { message = ("prices: %s = %g is below -1, which is all of it")
        :format(name, change), field = field, fix = "a rise by a tenth is 0.1" })
    end
    local at = places.nodes(s, name, field)
    local list = {}
    for i = 1, #s.nodes do list[i] = 0 end
    for _, i in ipairs(at.list) do list[i] = change end
    found[#found + 1] = { name = at.title, list = list, places = at.list, kind = field }
  end
end

--- Each push as the change of cost per unit of output that it means.
local function pushes_of(s, t)
  local found, v = {}, s.table:part "v"
  changes_of(s, t.cost or {}, "cost", found)
  for _, push in ipairs(found) do push.row = v * row_of(s, push.list) end
  if t.charge then
    local charge = args.check("prices, charge", t.charge, CHARGE)
    local on, list = places.nodes(s, charge.on or "*", "on"), {}
    for i = 1, #s.nodes do list[i] = 0 end
    for _, i in ipairs(on.list) do list[i] = charge.rate end
    local row = group.weights(s, { satellite = charge.satellite })
    found[#found + 1] = { name = ("%s on %s"):format(charge.satellite, on.title),
      row = row * row_of(s, list) }
  end
  return found
end

--- Prices set from outside, all together: what must be added to the cost of those products so that
--- L passes on just these prices: c L_SS = p_S, hence c = p_S L_SS^-1.
local function set_prices(s, map, pushed)
  local found, list, at, wanted = {}, {}, {}, {}
  changes_of(s, map, "price", found)
  for _, one in ipairs(found) do
    for _, i in ipairs(one.places) do
      if not at[i] then list[#list + 1] = i end
      at[i] = one.list[i]
    end
  end
  table.sort(list)
  local L = s.table:part "L"
  for k, i in ipairs(list) do wanted[k] = at[i] - pushed[i] end
  local inner = L:take("row", list):take("col", list):label{ rows = false, cols = false }
  local cost = inner:T():solve(core.matrix_from{ wanted }:T()):column_list(1)
  local all = {}
  for i = 1, #s.nodes do all[i] = 0 end
  for k, i in ipairs(list) do all[i] = cost[k] end
  local names = {}
  for k, one in ipairs(found) do names[k] = one.name end
  return { name = "price of " .. table.concat(names, ", "), row = row_of(s, all) }
end

local function add(lists, n)
  local sum = {}
  for i = 1, n do
    sum[i] = 0
    for _, list in ipairs(lists) do sum[i] = sum[i] + list[i] end
  end
  return sum
end

--- Price changes of every node for each push, and of all.
local function solve(s, t)
  local pushes, lists, L = pushes_of(s, t), {}, s.table:part "L"
  for k, push in ipairs(pushes) do
    push.change = push.row:mul(L)
    lists[k] = push.change:row_list(1)
  end
  if t.price then
    local set = set_prices(s, t.price, add(lists, #s.nodes))
    set.change = set.row:mul(L)
    pushes[#pushes + 1] = set
  end
  return pushes
end

--- By node, or weighed by what each country's final demand buys.
local function table_of(s, t, pushes)
  local columns, cols, chosen = {}, {}, nil
  local function take(change)
    local list = change:row_list(1)
    local kept = {}
    for k, i in ipairs(chosen.list) do kept[k] = list[i] end
    return kept
  end
  if t.by == "destination" then
    local D = s.table:part "D"
    local spent = D:sum{ by = "col" }
    cols[1] = { name = "destination", kind = "country" }
    take = function(change) return (change:mul(D) * spent:recip()):row_list(1) end
    columns.destination = table.move(s.countries, 1, #s.countries, 1, {})
  else
    chosen = places.nodes(s, t.node or "*", "node")
    columns.country, columns.sector = {}, {}
    for k, i in ipairs(chosen.list) do
      columns.country[k] = s.countries[places.country_of(s, i)]
      columns.sector[k] = s.sectors[places.sector_of(s, i)]
    end
    cols[1], cols[2] = { name = "country", kind = "country" }, { name = "sector", kind = "sector" }
  end
  local lists = {}
  for k, push in ipairs(pushes) do
    lists[k] = take(push.change)
    columns[push.name], cols[#cols + 1] = lists[k], { name = push.name, format = "percent" }
  end
  columns.change = add(lists, #columns[cols[1].name])
  cols[#cols + 1] = { name = "change", format = "percent" }
  return columns, cols, t.by == "destination" and { "destination" } or { "country", "sector" }
end

--- How prices change where costs do, every buyer passing on what it pays (Leontief's price model).
---
---     m:prices{ cost = { CHN = 0.1 } }                   wages and profits in China up by a tenth
---     m:prices{ cost = { CHN = 0.1, ["DEU.C29"] = 0.05 }, by = "destination" }
---     m:prices{ price = { ["SAU.B"] = 0.5 } }               a price set by the world market
---     m:prices{ charge = { satellite = "CO2", rate = 0.05 } }
---
--- Changes are relative to the prices of the table, which are 1; a column for each push, and their
--- sum. `cost` raises value added per unit of output (residual); `charge` adds a rate on a
--- satellite; `price` sets prices whose makers do not pass on their own costs. Quantities and
--- inputs per unit stay. By "destination": prices of each country's final demand, in its mix.
--- Miller and Blair 2009, sect. 2.6. CM1001-1004, CM11xx, CM1609, CM1623, CM1628 nothing pushes,
--- CM4001, CM4002.
---@param self capmod.Mrio
---@param t { cost: table?, price: table?, charge: table?, by: string?, node: string|string[]|nil }
---@return capmod.Frame
function prices.prices(self, t)
  local s = store.of(self)
  args.check("prices", t, FIELDS)
  args.choice(t.by or "node", "by", { "node", "destination" }, "prices")
  if not (t.cost and next(t.cost) or t.price and next(t.price) or t.charge) then
    errors.raise(1628, { message = "prices: nothing changes", object = s.name,
      fix = "prices{ cost = { CHN = 0.1 } }, or price, or charge" })
  end
  local columns, cols, keys = table_of(s, t, solve(s, t))
  return frame{ title = t.by == "destination" and "change of the prices of final demand"
    or "change of prices", keys = keys, cols = cols, columns = columns, bar = "change" }
end

return prices

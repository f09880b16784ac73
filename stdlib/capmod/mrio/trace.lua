--- m:value_added{}: who earns (or is employed, or emits) in a product, in exports, in final
--- demand, in output. One question in four parts: what is traced (a flow over the nodes), its
--- columns (`by` product, exporter, importer, destination), its origins (`by` country, sector),
--- and what is counted (the residual, a published row, a satellite).

local accounts = require "capmod.mrio.accounts"
local args = require "capmod.args"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local places = require "capmod.mrio.places"
local rows_in = require "capmod.mrio.rows"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local trace = {}

local FIELDS = {
  product = { "string", "list", about = "one unit of final demand for it: \"USA.C29\"" },
  exporter = { "string", "list", about = "a country, or a node \"DEU.C29\": its gross exports" },
  importer = { "string", "list", about = "whose gross imports" },
  destination = { "string", "list", about = "whose final demand" },
  output = { "string", "list", about = "whose gross output" },
  origin = { "string", "list", about = "only what comes from there" },
  once = { "boolean", about = "of exports by destination: leave out what left before" },
  by = { "string", "list", about = "country, sector (of origin); product, exporter, importer, "
    .. "destination" },
  row = { "string", about = "a published row instead of the residual: \"VA\"" },
  satellite = { "string", about = "a satellite row: \"EMP\"" },
}

-- ---- what is traced -----------------------------------------------------------------------------

local function everywhere(s)
  return places.countries(s, "*")
end

local function refuse(s, message, fix)
  errors.raise(1608, { message = "value_added: " .. message, object = s.name, fix = fix })
end

--- Which flow is asked for, from the corners that are named.
local function corner(s, t)
  if t.once and not (t.destination and (t.exporter or t.importer)) then
    refuse(s, "'once' is for exports that end in a destination", "name exporter and destination")
  elseif t.output and (t.product or t.exporter or t.importer or t.destination) then
    refuse(s, "'output' goes with no other flow", "leave the others out")
  elseif t.row and t.satellite then
    refuse(s, "a published row and a satellite cannot be counted at once", "ask twice")
  elseif t.product and (t.exporter or t.importer) then
    refuse(s, "'product' is a unit of final demand; of exports the sector stands in 'exporter'",
      'write exporter = "DEU.C29"')
  end
  if t.exporter or t.importer then return t.destination and "corners" or "exports" end
  if t.output then return "output" end
  if t.destination or not t.product then return "final" end
  return "unit"
end

local TARGETS = { corners = { "product", "exporter", "importer", "destination" },
  exports = { "product", "exporter", "importer" }, output = { "product" },
  final = { "product", "destination" }, unit = { "product" } }

--- What is traced: part (of the table; nil for units), nodes, columns, and how it is called.
local flows = {}

function flows.unit(s, t)
  local nodes = places.nodes(s, t.product, "product")
  local unit = #nodes.list > 1 and "one unit each of final " or "one unit of final "
  return { nodes = nodes, title = unit .. nodes.title }
end

function flows.exports(s, t)
  local nodes = places.nodes(s, t.exporter or "*", "exporter")
  local to = t.importer and places.countries(s, t.importer) or everywhere(s)
  local title = t.exporter and "exports of " .. nodes.title or "exports to " .. to.title
  if t.exporter and t.importer then title = title .. " to " .. to.title end
  if not t.exporter and t.importer then title = "imports of " .. to.title end
  return { part = "E", nodes = nodes, columns = to, title = title, total = "gross exports" }
end

function flows.corners(s, t)
  local flow = flows.exports(s, t)
  flow.ends = places.countries(s, t.destination)
  flow.title = ("%s that end in %s"):format(flow.title, flow.ends.title)
  flow.once = t.once or false
  flow.total = t.once and "what leaves the exporter first" or "the exports that end there"
  return flow
end

function flows.final(s, t)
  local nodes = places.nodes(s, t.product or "*", "product")
  local to = t.destination and places.countries(s, t.destination) or everywhere(s)
  local title = "final demand of " .. to.title
  if t.product then title = ("final demand of %s for %s"):format(to.title, nodes.title) end
  return { part = "D", nodes = nodes, columns = to, title = title, total = "final demand" }
end

function flows.output(s, t)
  local nodes = places.nodes(s, t.output, "output")
  return { part = "x", nodes = nodes, title = "output of " .. nodes.title, total = "output" }
end

-- ---- by what ------------------------------------------------------------------------------------

local ORIGINS = { country = true, sector = true }

--- The keys in the order of the author; origin is another word for country.
local function read_by(t, kind, flow)
  local given = t.by or "country"
  if type(given) == "table" and #given == 0 then given = "country" end
  local allowed = { "country", "sector", table.unpack(TARGETS[kind]) }
  local keys, has = {}, {}
  if kind == "unit" and #flow.nodes.list > 1 then keys[1], has.product = "product", true end
  for _, name in ipairs(type(given) == "table" and given or { given }) do
    local key = name == "origin" and "country" or name
    args.choice(key, "by", allowed, "value_added")
    if not has[key] then keys[#keys + 1], has[key] = key, true end
  end
  return keys, has
end

--- Numbers the members of `list` among n places one by one (`each`), or all as one.
local function numbered(n, list, each, labels, one)
  local group, names = {}, {}
  for i = 1, n do group[i] = 0 end
  for k, i in ipairs(list) do
    group[i] = each and k or 1
    names[each and k or 1] = each and labels[i] or one
  end
  return group, names
end

--- The nodes of the demand: each by itself, by country, or as one.
local function demand_rows(s, flow, has)
  if not has.exporter or has.product then
    return numbered(#s.nodes, flow.nodes.list, has.product, s.nodes, "all")
  end
  local group, names, at = {}, {}, {}
  for i = 1, #s.nodes do group[i] = 0 end
  for _, i in ipairs(flow.nodes.list) do
    local country = s.countries[places.country_of(s, i)]
    if not at[country] then
      names[#names + 1], at[country] = country, #names + 1
    end
    group[i] = at[country]
  end
  return group, names
end

--- The demand, n x k, and what each of its columns stands for.
local function demand(s, flow, has)
  local part = flow.part and s.table:part(flow.part)
  local row_group, row_names = demand_rows(s, flow, has)
  local col_group, col_names = { 1 }, { "all" }
  if flow.columns then
    col_group, col_names = numbered(#s.countries, flow.columns.list,
      has.importer or has.destination, s.countries, "all")
  end
  local columns = {}
  for _, row in ipairs(row_names) do
    for _, col in ipairs(col_names) do
      columns[#columns + 1] = { product = has.product and row, importer = col, destination = col,
        exporter = has.product and s.countries[places.country_of(s, s.node_at[row])] or row }
    end
  end
  return s.table:demand(part, row_group, row_names, col_group, col_names), columns
end

--- Exports that end in destinations: what each row of the engine's answer stands for, and the
--- question `ask(weights, origins, labels)` that gives it, a row of origins for each.
local function corners(s, flow, has)
  local row_group, row_names = demand_rows(s, flow, has)
  local to_group, to_names = numbered(#s.countries, flow.columns.list, has.importer, s.countries,
    "all")
  local end_group, end_names = numbered(#s.countries, flow.ends.list, has.destination, s.countries,
    "all")
  local columns = {}
  for _, row in ipairs(row_names) do
    for _, to in ipairs(to_names) do
      for _, ending in ipairs(end_names) do
        columns[#columns + 1] = { product = has.product and row, importer = to,
          destination = ending,
          exporter = has.product and s.countries[places.country_of(s, s.node_at[row])] or row }
      end
    end
  end
  return columns, function(weights, group, labels)
    return s.table:corners(weights, flow.once, group, labels, row_group, row_names, to_group,
      to_names, end_group, end_names)
  end
end

--- The origins: nodes, countries, sectors, or all as one, with the keys of each.
local function origins(s, has)
  local group, labels, keys = {}, {}, {}
  local function add(label, country, sector)
    labels[#labels + 1], keys[#keys + 1] = label, { country = country, sector = sector }
  end
  if has.country and has.sector then
    for i, label in ipairs(s.nodes) do
      add(label, s.countries[places.country_of(s, i)], s.sectors[places.sector_of(s, i)])
    end
  elseif has.country then
    for _, label in ipairs(s.countries) do add(label, label) end
  elseif has.sector then
    for _, label in ipairs(s.sectors) do add(label, nil, label) end
  else
    add "all"
  end
  for i = 1, #s.nodes do
    group[i] = has.country and has.sector and i or has.country and places.country_of(s, i)
      or has.sector and places.sector_of(s, i) or 1
  end
  return group, labels, keys
end

--- The same groups with the origins that were not asked for in one more, the last.
local function part_origins(s, group, labels, chosen)
  local wanted, parted = {}, {}
  for _, i in ipairs(chosen.list) do wanted[i] = true end
  for i = 1, #s.nodes do parted[i] = wanted[i] and group[i] or #labels + 1 end
  local all = table.move(labels, 1, #labels, 1, {})
  all[#all + 1] = "(others)"
  return parted, all
end

-- ---- what is counted ----------------------------------------------------------------------------

--- Weights per unit of output (nil: the residual), and their name.
local function counted(s, t)
  local part, wanted = t.row and "P" or "F", t.row or t.satellite
  if not wanted then return nil, "value added" end
  local block = s.table:part(part)
  local names = block and block:labels "row" or {}
  for i, name in ipairs(names) do
    if name == wanted then
      return s.table:coefficients(part, i), t.row and ("value added (row %s)"):format(name) or name
    end
  end
  local kind = t.row and "published row" or "satellite"
  errors.raise(1609, { message = ("%s has no %s '%s'"):format(store.title(s), kind, wanted),
    object = s.name, field = t.row and "row" or "satellite",
    fix = errors.did_you_mean(wanted, names, #names > 0 and "it has " .. table.concat(names, ", ")
      or ("give it as %s in cm.mrio"):format(part)) })
end

-- ---- the answer ---------------------------------------------------------------------------------

local PHRASE = { country = "country of origin", sector = "sector of origin" }

local function by_phrase(keys)
  local words = {}
  for i, key in ipairs(keys) do words[i] = PHRASE[key] or key end
  local line = table.concat(words, " and ")
  return (line:gsub("country of origin and sector of origin", "country and sector of origin"))
end

--- Rows in the order of the columns traced, the largest first in each; `chosen` leaves out origins
--- that were not asked for and hold nothing.
local function rows_of(keys, columns, origin_keys, values, totals, holds)
  local rows = {}
  for c, column in ipairs(columns) do
    local block = {}
    for o, value in ipairs(values[c]) do
      if o <= #origin_keys and holds[o] then
        local row = { value = value, share = value / totals[c], order = o }
        for _, key in ipairs(keys) do
          row[key] = ORIGINS[key] and origin_keys[o][key] or not ORIGINS[key] and column[key] or nil
        end
        block[#block + 1] = row
      end
    end
    table.sort(block, function(a, b)
      if a.value ~= b.value then return a.value > b.value end
      return a.order < b.order
    end)
    for _, row in ipairs(block) do
      row.order = nil
      rows[#rows + 1] = row
    end
  end
  return rows
end

local function sum(list)
  local total = 0
  for _, value in ipairs(list) do total = total + value end
  return total
end

--- Decimals for figures of the size of `largest`, whether or not they happen to be whole.
local function digits_for(largest)
  largest = math.abs(largest)
  if largest % 1 == 0 then largest = largest + 0.5 end
  return text.number_style({ largest }, 1).digits
end

local function amount(value, flow, of)
  return text.number(value, text.number_style({ of }, 1, flow.part and digits_for(of) or 4))
end

--- What nodes without output sell, as from stocks: nothing can be traced in it.
local function sold_by_idle(s, wanted)
  local x, idle = s.table:part("x"):column_list(1), {}
  for i, output in ipairs(x) do
    if output == 0 then idle[#idle + 1] = i end
  end
  return wanted:take("row", idle):sum()
end

--- Of a satellite in final demand: what final demand makes itself, which is in no product.
local function direct_line(s, t, flow)
  if flow.part ~= "D" or t.product or t.origin then return nil end
  local direct, total = accounts.direct(s, t.satellite), 0
  for _, c in ipairs(flow.columns.list) do total = total + direct[c] end
  return total ~= 0 and ("not in it: %s that final demand makes itself (m:footprint has it)")
    :format(text.number(total, text.number_style({ total }, 1))) or nil
end

--- What the lines under the numbers say.
local function check_lines(s, t, q, wanted, sums, totals, others)
  local flow = q.flow
  local found, total = sum(sums), sum(totals)
  local lines = {}
  if t.origin then lines[1] = "from other origins: " .. amount(sum(others), flow, total) end
  if t.satellite then
    lines[#lines + 1] = direct_line(s, t, flow)
    return lines
  end
  if t.row then
    local left = total - found
    lines[#lines + 1] = ("row %s: %s; left to the other rows: %s (%s)"):format(t.row,
      amount(found, flow, total), amount(left, flow, total), text.percent(left / total))
    return lines
  end
  local worst, scale = 0, math.abs(total) / #sums
  for c, value in ipairs(sums) do
    worst = math.max(worst, math.abs(value - totals[c]) / math.max(math.abs(totals[c]), scale))
  end
  if worst > 1e-9 then
    lines[#lines + 1] = ("does NOT add up: the origins sum to %s, %s to %s"):format(
      text.short(found), flow.total or "units", text.short(total))
    local idle = wanted and sold_by_idle(s, wanted) or 0
    if idle ~= 0 then
      lines[#lines + 1] = ("%s of it is sold by nodes without output"):format(text.short(idle))
    end
  elseif flow.part then
    lines[#lines + 1] = ("adds up to %s: %s"):format(flow.total, amount(found, flow, total))
  end
  return lines
end

local function column_specs(s, keys, digits)
  local cols = {}
  for i, key in ipairs(keys) do
    local names = key == "sector" and s.class and s.class.names or nil
    cols[i] = { name = key, kind = key == "sector" and "sector" or key ~= "product" and "country"
      or nil, names = names }
  end
  cols[#cols + 1] = { name = "value", digits = digits }
  cols[#cols + 1] = { name = "share", format = "percent" }
  return cols
end

local function refuse_nothing(s, flow)
  errors.raise(1610, { message = ("value_added: %s is zero in '%s'"):format(
    flow.part and flow.title or flow.title .. ", which is not produced,", s.name), object = s.name,
    fix = "look at m.x and m.E for what there is" })
end

--- Column sums of the demand, what the origins must add up to: nothing for a product that is not
--- made. A demand of nothing at all is refused.
local function totals_of(s, flow, wanted)
  local totals, any = wanted:sum{ by = "col" }:row_list(1), false
  if not flow.part then
    local x = s.table:part("x"):column_list(1)
    for k, i in ipairs(flow.nodes.list) do totals[k] = x[i] == 0 and 0 or totals[k] end
  end
  for _, total in ipairs(totals) do any = any or total ~= 0 end
  if not any then refuse_nothing(s, flow) end
  return totals
end

--- The same for corners: what all origins add, at the residual value added.
local function totals_of_corners(s, flow, ask)
  local all, any = {}, false
  for i = 1, #s.nodes do all[i] = 1 end
  local totals = ask(nil, all, { "all" }):column_list(1)
  for _, total in ipairs(totals) do any = any or total ~= 0 end
  if not any then refuse_nothing(s, flow) end
  return totals
end

--- By column of the demand: values of all origins, their sum, and what came from elsewhere.
local function solve(result, n)
  local values, sums, others = {}, {}, {}
  for c = 1, result:cols() do
    values[c] = result:column_list(c)
    sums[c], others[c] = sum(values[c]), values[c][n + 1] or 0
  end
  return values, sums, others
end

--- Which origins have a place among those asked for.
local function held(group, n)
  local holds = {}
  for _, g in ipairs(group) do
    if g <= n then holds[g] = true end
  end
  return holds
end

--- The question in full: flow, keys, weights, origins asked for, and what it is called.
local function question(s, t)
  local kind = corner(s, t)
  local q = { flow = flows[kind](s, t), notes = {} }
  q.keys, q.has = read_by(t, kind, q.flow)
  q.weights, q.what = counted(s, t)
  if t.origin then
    q.origin = places.nodes(s, t.origin, "origin")
    q.what = q.what .. " from " .. q.origin.title
  end
  for _, side in ipairs{ q.flow.nodes, q.flow.columns or {}, q.flow.ends or {}, q.origin or {} } do
    for _, note in ipairs(side.notes or {}) do
      local lines = places.wrap(note, 92)
      table.move(lines, 1, #lines, #q.notes + 1, q.notes)
    end
  end
  return q
end

--- Refuses more rows than a frame is for, before anything large is made. CM1650.
local function guard(s, q, origins_held)
  local flow, has, columns = q.flow, q.has, 1
  if has.product then
    columns = #flow.nodes.list
  elseif has.exporter then
    columns = #s.countries
  end
  if has.importer then columns = columns * #flow.columns.list end
  if has.destination then columns = columns * #(flow.ends or flow.columns).list end
  rows_in.guard(columns * origins_held, "value_added",
    "name products or origins, take fewer sides in `by`, or the whole as a matrix: m.v, m.L, m.E")
end

--- Which countries' exports, to whom, ending where: the flows, by column, and the values of the
--- origins in each.
local function traced(s, q, group, labels, n)
  if q.flow.ends then
    local columns, ask = corners(s, q.flow, q.has)
    local totals = totals_of_corners(s, q.flow, ask)
    return columns, totals, nil, solve(ask(q.weights, group, labels):T(), n)
  end
  local wanted, columns = demand(s, q.flow, q.has)
  local totals = totals_of(s, q.flow, wanted)
  return columns, totals, wanted, solve(s.table:origin(q.weights, wanted, group, labels), n)
end

--- Value added, jobs or emissions by where they arise, as a frame. What is traced:
--- `product` one unit of final demand for it; `exporter` and/or `importer` gross exports (a node
--- "DEU.C29" for a sector's), with `destination` those that end in its final demand, directly or
--- after further stages; `destination` alone final demand, with `product` only for that; `output`
--- gross output; nothing: all final demand. What is counted: the residual of the columns, `row` a
--- published row alone, `satellite` a satellite. `by` is "country" (default) or "sector" of origin,
--- and "product", "exporter", "importer", "destination" of what is traced, or a list of these.
--- `origin` shows only those origins. Shares are of what is traced (of the sum, for a satellite).
---
---     m:value_added{ product = "USA.C29", by = "country" }
---     m:value_added{ exporter = "DEU", importer = "USA", by = { "country", "sector" } }
---     m:value_added{ destination = "USA", row = "VA" }
---     m:value_added{ origin = "JPN", exporter = "CHN", importer = "KOR", destination = "USA" }
---
--- Leontief's method: diag(v) L times a unit, exports, final demand or output (VBE, VBY, VBX). Of
--- exports E_sr the part [k = r] Y_sr + A_sr (B Y)_rk ends in k; with `once` each origin's share is
--- v_o B_os B_ss^-1 L_ss, without what had left s before (see docs/methods.md).
--- CM1001-1004, CM11xx, CM1608 corners that do not go together, CM1609 no such row, CM1610 nothing
--- to trace, CM1650 too many rows, CM4001, CM4002.
---@param self capmod.Mrio
---@param t table?
---@return capmod.Frame
function trace.value_added(self, t)
  local s = store.of(self)
  t = args.check("value_added", t or {}, FIELDS)
  local q = question(s, t)
  local group, labels, origin_keys = origins(s, q.has)
  if q.origin then group, labels = part_origins(s, group, labels, q.origin) end
  local holds, count = held(group, #origin_keys), 0
  for _ in pairs(holds) do count = count + 1 end -- any order
  guard(s, q, count)
  local columns, totals, wanted, values, sums, others = traced(s, q, group, labels, #origin_keys)
  local flows_unit = q.flow.part and s.unit or nil
  return frame{
    title = ("%s in %s, by %s"):format(q.what, q.flow.title, by_phrase(q.keys)),
    unit = t.satellite and s.units[t.satellite] or not t.satellite and flows_unit or nil,
    keys = q.keys, bar = "share", note = q.notes,
    cols = column_specs(s, q.keys, q.flow.part and digits_for(sum(sums) / #sums) or 4),
    rows = rows_of(q.keys, columns, origin_keys, values, t.satellite and sums or totals,
      holds),
    check = check_lines(s, t, q, wanted, sums, totals, others),
  }
end

return trace

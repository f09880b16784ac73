--- What is said of nodes rather than flows: participation in value chains, place in them, revealed
--- comparative advantage. The engine gives sums by node (engine/include/capmod/position.h); here
--- they are grouped, and ratios of the sums formed.

local args = require "capmod.args"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local group = require "capmod.mrio.group"
local rows_of = require "capmod.mrio.rows"
local store = require "capmod.mrio.store"

local measures = {}

--- Sums of the engine's measures by row: columns of numbers by name.
local function sums_of(s, r)
  local found = s.table:position()
  local sums, columns = rows_of.sum(s, r, found), {}
  for j, name in ipairs(found:labels "col") do columns[name] = sums:column_list(j) end
  return columns
end

local function ratio(a, b)
  if b == 0 then return nil end
  return a / b
end

--- A frame of rows made by `fill(k, row)` in the columns named.
local function answer(r, title, columns, fill, check, unit)
  local cols, rows = table.move(r.cols, 1, #r.cols, 1, {}), {}
  for _, col in ipairs(columns) do cols[#cols + 1] = col end
  for k, cell in ipairs(r.cells) do
    local row = { country = cell.country, sector = cell.sector }
    fill(k, row)
    rows[k] = row
  end
  return frame{ title = title, unit = unit, keys = r.keys, cols = cols, rows = rows, bar = false,
    note = rows_of.wrapped(r.notes), check = check }
end

--- "adds up: ..." where the parts make the whole in every row.
local function adds_up(columns, parts, whole, words)
  local worst = 0
  for k, value in ipairs(columns[whole]) do
    local sum = 0
    for _, name in ipairs(parts) do sum = sum + columns[name][k] end
    worst = math.max(worst, math.abs(sum - value) / math.max(math.abs(value), 1e-300))
  end
  return worst > 1e-9 and ("does NOT add up: %s (gap %.1e)"):format(words, worst)
    or "adds up: " .. words
end

-- ---- position -----------------------------------------------------------------------------------

--- Place in the chains: upstreamness, the mean number of stages between output and final demand
--- (Antras, Chor, Fally, Hillberry 2012; row sums of Ghosh's inverse), and downstreamness, the mean
--- number of stages that output has behind it (Antras, Chor 2013; column sums of Leontief's). Both
--- are 1 where nothing is sold on or bought in. Of several nodes: means weighted by gross output
--- (`weights = "output"`, default), or by value added in their exports ("exports").
---
---     m:position()   m:position{ country = "CHN", by = "sector" }
---     m:position{ country = { "CHN", "EU27" }, weights = "exports" }
---
--- Nodes without output have neither. CM1001-1004, CM11xx, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { country: string|string[]|nil, sector: string|string[]|nil, by: string|string[]|nil,
---  weights: string? }?
---@return capmod.Frame
function measures.position(self, t)
  local s = store.of(self)
  t = args.check("position", t or {}, rows_of.fields{
    weights = { "string", about = "output or exports" } })
  local by = args.choice(t.weights or "output", "weights", { "output", "exports" }, "position")
  local r = rows_of.by(s, t, "position")
  local found = s.table:position()
  local column = {}
  for j, name in ipairs(found:labels "col") do column[name] = found:col(j):label{ rows = false } end
  local w = by == "output" and column.output or column.exported
  local up = rows_of.sum(s, r, w * column.upstreamness):column_list(1)
  local down = rows_of.sum(s, r, w * column.downstreamness):column_list(1)
  local weight = rows_of.sum(s, r, w):column_list(1)
  return answer(r, ("place in the chains, by %s, means by %s"):format(table.concat(r.keys,
    " and "), by == "output" and "gross output" or "value added in exports"),
    { { name = "upstreamness", digits = 3 }, { name = "downstreamness", digits = 3 } },
    function(k, row)
      row.upstreamness, row.downstreamness = ratio(up[k], weight[k]), ratio(down[k], weight[k])
    end)
end

-- ---- participation ------------------------------------------------------------------------------

local participations = {}

local FORWARD = { "forward_domestic", "forward_traditional", "forward_simple", "forward_complex" }
local BACKWARD = { "backward_domestic", "backward_traditional", "backward_simple",
  "backward_complex" }

--- Shares of the four uses of value added (forward) or sources of final output (backward), and the
--- mean lengths of each.
local function wwyz(side, names, whole, what)
  return function(s, r)
    local c = sums_of(s, r)
    local columns = { { name = whole, label = (whole:gsub("_", " ")) } }
    for _, part in ipairs{ "domestic", "traditional", "simple", "complex", "participation" } do
      columns[#columns + 1] = { name = part, format = "percent" }
    end
    for _, length in ipairs{ "length", "length_domestic", "length_traditional", "length_gvc" } do
      columns[#columns + 1] = { name = length, digits = 2, label = (length:gsub("_", " ")) }
    end
    local f = answer(r, ("%s participation (Wang, Wei, Yu, Zhu 2017): shares of %s"):format(side,
      what), columns, function(k, row)
      row[whole] = c[whole][k]
      for i, part in ipairs{ "domestic", "traditional", "simple", "complex" } do
        row[part] = ratio(c[names[i]][k], c[whole][k])
      end
      local gvc = c[names[3]][k] + c[names[4]][k]
      local far = c[side .. "_home_length"][k] + c[side .. "_abroad_length"][k]
      local domestic = c[side .. "_domestic_length"][k]
      local traditional = c[side .. "_traditional_length"][k]
      row.participation = ratio(gvc, c[whole][k])
      row.length = ratio(domestic + traditional + far, c[whole][k])
      row.length_domestic = ratio(domestic, c[names[1]][k])
      row.length_traditional = ratio(traditional, c[names[2]][k])
      row.length_gvc = ratio(far, gvc)
    end, adds_up(c, names, whole, "domestic + traditional + simple + complex = "
      .. whole:gsub("_", " ")), s.unit)
    return f
  end
end

participations.forward = wwyz("forward", FORWARD, "value_added", "value added by use")
participations.backward = wwyz("backward", BACKWARD, "final", "final output by source")

--- Gross output: for home, traditional trade, and three kinds of participation.
function participations.output(s, r)
  local c = sums_of(s, r)
  local columns = { { name = "output" }, { name = "domestic" }, { name = "traditional" },
    { name = "pure_forward", label = "pure forward" }, { name = "two_sided", label = "two-sided" },
    { name = "imported", label = "· imported" },
    { name = "pure_backward", label = "pure backward" },
    { name = "share", format = "percent" } }
  local title = "output in value chains (Borin, Mancini, Taglioni 2025, as gvcAnalyzer has it)"
  return answer(r, title, columns, function(k, row)
      row.output, row.domestic = c.output[k], c.output_domestic[k]
      row.pure_forward, row.pure_backward = c.output_pure_forward[k], c.output_pure_backward[k]
      row.imported = c.output_two_sided_imported[k]
      row.two_sided = row.imported + c.output_two_sided_domestic[k]
      local gvc = row.pure_forward + row.two_sided + row.pure_backward
      row.traditional = row.output - row.domestic - gvc
      row.share = ratio(gvc, row.output)
    end, "traditional is what output leaves: output - domestic - the three", s.unit)
end

--- Three parts of exports, from the decomposition of flows.
function participations.trade(s, r)
  local m = s.table:decompose("tripartite", nil, nil, nil, nil, nil, nil, nil, nil)
  local g, names, c = #s.countries, m:labels "col", {}
  local to = {}
  for row = 1, #s.nodes * g do to[row] = (row - 1) // g + 1 end
  local sums = rows_of.sum(s, r, m:group("row", to, s.nodes))
  for j, name in ipairs(names) do c[name] = sums:column_list(j) end
  local columns = { { name = "exports" }, { name = "gvc", label = "GVC" },
    { name = "pure_forward", label = "pure forward" }, { name = "two_sided", label = "two-sided" },
    { name = "pure_backward", label = "pure backward" }, { name = "share", format = "percent" },
    { name = "forwardness", digits = 3 } }
  return answer(r, "exports in value chains (Borin, Mancini, Taglioni 2025)", columns,
    function(k, row)
      row.exports, row.gvc = c.GEXP[k], c.GVC[k]
      row.pure_forward, row.two_sided, row.pure_backward = c.GVC_PF[k], c.GVC_TS[k], c.GVC_PB[k]
      row.share = ratio(c.GVC[k], c.GEXP[k])
      row.forwardness = ratio(c.GVC_PF[k] - c.GVC_PB[k], c.GVC[k])
    end, adds_up(c, { "GVC_PF", "GVC_TS", "GVC_PB" }, "GVC",
      "pure forward + two-sided + pure backward = GVC"), s.unit)
end

--- Vertical specialisation: imported content of exports, domestic value in others' exports, and
--- value added absorbed abroad.
function participations.vertical(s, r, t)
  if t.sector or #r.keys ~= 1 or r.keys[1] ~= "country" then
    errors.raise(1641, { message = "participation: vertical specialisation is of countries",
      object = "participation", field = "sector", fix = 'leave out sector and by' })
  end
  local g = group.nodes(s, "country", "participation")
  local one = {}
  for c = 1, #s.countries do one[c] = 1 end
  local exports = s.table:demand(s.table:part "E", g.groups, g.labels, one, { "all" })
  local content = s.table:origin(nil, exports, g.groups, g.labels)
  local absorbed, n = s.table:origin(nil, s.table:part "D", g.groups, g.labels), #s.countries
  return answer(r, "vertical specialisation (Hummels, Ishii, Yi 2001; Johnson, Noguera 2012)",
    { { name = "exports" }, { name = "VS" }, { name = "VS1" }, { name = "VAX" },
      { name = "VS_share", format = "percent", label = "VS share" },
      { name = "VAX_ratio", format = "percent", label = "VAX ratio" } },
    function(k, row)
      local e, vs, vs1, vax = 0, 0, 0, 0
      local inside = {}
      for _, c in ipairs(r.members[k].countries) do inside[c] = true end
      for _, c in ipairs(r.members[k].countries) do
        for o = 1, n do
          e = e + content:get(o, c)
          if not inside[o] then
            vs, vs1 = vs + content:get(o, c), vs1 + content:get(c, o)
            vax = vax + absorbed:get(c, o)
          end
        end
      end
      row.exports, row.VS, row.VS1, row.VAX = e, vs, vs1, vax
      row.VS_share, row.VAX_ratio = ratio(vs, e), ratio(vax, e)
    end, "VS: foreign content of exports; VS1: domestic content of others' exports", s.unit)
end

--- Participation in global value chains, by one of five methods:
---   trade     exports: pure forward, two-sided, pure backward (Borin, Mancini, Taglioni 2025)
---   output    gross output: the same, as gvcAnalyzer 0.1.1 computes them
---   forward   value added by what it crosses: domestic, traditional trade, simple and complex
---             chains, and mean production lengths (Wang, Wei, Yu, Zhu 2017)
---   backward  the same for final output
---   vertical  VS (Hummels, Ishii, Yi 2001), VS1, value added exports (Johnson, Noguera 2012)
---
---     m:participation()   m:participation{ method = "forward", country = "CHN", by = "sector" }
---
--- CM1001-1004, CM11xx, CM1641 a side that the method says nothing of, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { method: string?, country: string|string[]|nil, sector: string|string[]|nil,
---  by: string|string[]|nil }?
---@return capmod.Frame
function measures.participation(self, t)
  local s = store.of(self)
  t = args.check("participation", t or {}, rows_of.fields{
    method = { "string", about = "trade (default), output, forward, backward, vertical" } })
  local method = args.choice(t.method or "trade", "method", { "trade", "output", "forward",
    "backward", "vertical" }, "participation")
  return participations[method](s, rows_of.by(s, t, "participation"), t)
end

-- ---- revealed comparative advantage -------------------------------------------------------------

--- Revealed comparative advantage: a sector's share in its country's exports over its share in the
--- world's (Balassa 1965). `gross` by gross exports; `value_added` by value added of the sector in
--- all exports of its country, v # L_ss E_s (forward linkages; Wang, Wei, Zhu 2013). Above 1: the
--- country sells more of it than the world does.
---
---     m:rca{ country = "CHN" }   m:rca{ sector = "C26" }
---
--- CM1001-1004, CM11xx, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { country: string|string[]|nil, sector: string|string[]|nil }?
---@return capmod.Frame
function measures.rca(self, t)
  local s = store.of(self)
  t = args.check("rca", t or {}, { country = rows_of.SIDES.country, sector = rows_of.SIDES.sector })
  local r = rows_of.by(s, { country = t.country, sector = t.sector, by = { "country", "sector" } },
    "rca")
  local found = s.table:position()
  local exported
  for j, name in ipairs(found:labels "col") do
    if name == "exported" then exported = found:col(j):label{ rows = false } end
  end
  local gross = s.table:part "E":sum{ by = "row" }:label{ rows = false, cols = false }
  local by_country, by_sector = group.nodes(s, "country", "rca"), group.nodes(s, "sector", "rca")
  local function advantage(values)
    local inside = rows_of.sum(s, r, values):column_list(1)
    local country, sector = group.sum(values, by_country), group.sum(values, by_sector)
    local found_here, all = {}, values:sum()
    for k, member in ipairs(r.members) do
      local whole, part = 0, 0
      for _, c in ipairs(member.countries) do whole = whole + country[c] end
      for _, i in ipairs(member.sectors) do part = part + sector[i] end
      local share, mean = ratio(inside[k], whole), ratio(part, all)
      found_here[k] = share and mean and ratio(share, mean)
    end
    return found_here
  end
  local by_gross, by_value = advantage(gross), advantage(exported)
  return answer(r, "revealed comparative advantage", { { name = "gross", digits = 2 },
    { name = "value_added", digits = 2, label = "value added" } }, function(k, row)
      row.gross, row.value_added = by_gross[k], by_value[k]
    end)
end

return measures

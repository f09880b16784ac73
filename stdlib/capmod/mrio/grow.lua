--- m:grow{}: capital that is made by the table itself, so that output takes time to grow.
---
---     local g = m:grow{ capital = B }      -- B: capital goods (rows) per unit of yearly output
---     print(g, g.rate)                     -- the fastest balanced growth
---     print(g:path{ years = 10, growth = 0.03 })
---     print(g:capacity{ years = 10, growth = 0.03, lag = { ["*.C29"] = 2 }, depreciation = 0.05 })

local args = require "capmod.args"
local blocks = require "capmod.mrio.blocks"
local core = require "capmod.core"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local lagged = require "capmod.mrio.lagged"
local needs = require "capmod.mrio.needs"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local grow = {}

---@class cm.Growth
---@field rate number    the fastest balanced growth a year
---@field mix cm.Frame   outputs on that path, as shares
---@field capital Matrix
local Growth = {}
local meta = { __name = "cm.Growth" }
local inside = setmetatable({}, { __mode = "k" })

local function refuse(number, message, field, fix)
  errors.raise(number, { message = "grow: " .. message, object = "grow", field = field, fix = fix })
end

local function of(self)
  args.object(inside[self] ~= nil, "growth")
  return inside[self]
end

-- ---- capital ------------------------------------------------------------------------------------

local FIELDS = {
  capital = { "string", "table", "Matrix", required = true,
    about = "capital goods (rows) per unit of yearly output of each column" },
}

--- The matrix of capital coefficients, n x n under the labels of the nodes.
local function capital_of(s, value)
  local B, n = blocks.block(value), #s.nodes
  local r, c = B:rows(), B:cols()
  if r ~= n or c ~= n then
    errors.raise(1302, { message = ("grow: capital is %d x %d, the table has %d nodes"):format(r, c,
      n), object = "grow", field = "capital", fix = "give a row and a column for each node" })
  end
  local labelled = core.matrix(n, n):label{ rows = s.nodes, cols = s.nodes }
  B = (labelled + B):check_finite "capital"
  local least, i, j = B:min()
  if least < 0 then
    refuse(1660, ("capital of '%s' per unit of '%s' is %g, below 0"):format(s.nodes[i], s.nodes[j],
      least), "capital", "a good that is not needed is written 0")
  end
  return B
end

--- The growth of a table whose capital goods come from itself: `capital` says how much of each node
--- (row) a unit of yearly output of a node (column) needs as plant and stocks. The answer has the
--- fastest balanced growth (`rate`), its `mix`, and paths of output over time: `:path` with
--- foresight, `:capacity` with building times, wear, and orders after what was seen. CM1302 shape,
--- CM1203 labels, CM1660 capital below 0 or of no kind that can grow.
---@param t { capital: string|table|Matrix }
---@return cm.Growth
function grow.grow(self, t)
  local s = store.of(self)
  args.check("grow", t, FIELDS)
  local made = setmetatable({}, meta)
  inside[made] = { s = s, B = capital_of(s, t.capital), known = {} }
  return made
end

-- ---- balanced growth ----------------------------------------------------------------------------

--- The rows of capital that hold anything: the goods that are capital.
local function capital_goods(B)
  local list = {}
  for i, sum in ipairs(B:sum{ by = "row" }:column_list(1)) do
    if sum > 0 then list[#list + 1] = i end
  end
  return list
end

--- The eigenvalue of largest real part, and its eigenvector as a column.
local function leading(H)
  local values, vectors = H:eig()
  local best
  for i = 1, H:rows() do
    if not best or values:get(i, 1) > values:get(best, 1) then best = i end
  end
  return values:get(best, 1), values:get(best, 2), vectors:col(best)
end

--- Rate and mix of balanced growth: x = A x + g B x, or x = g L B x, so that 1/g is the greatest
--- eigenvalue of L B. Those other than 0 are those of (B L) at the capital goods alone.
local function balanced(g)
  if g.known.rate then return g.known end
  local goods = capital_goods(g.B)
  if #goods == 0 then
    g.known.rate = math.huge
    return g.known
  end
  local unit = core.identity(#g.s.nodes):take("col", goods)
  local L = (core.identity(#g.s.nodes) - g.s.table:part "A"):label{ rows = false, cols = false }
    :solve(unit)
  local H = g.B:label{ rows = false, cols = false }:take("row", goods):mul(L)
  local value, imaginary, vector = leading(H)
  local x = L:mul(vector)
  if x:sum() < 0 then x = x * -1 end
  if imaginary ~= 0 or value <= 0 or x:min() < -1e-9 * x:max() then
    refuse(1660, "no balanced growth: the largest eigenvalue of L B is none of a mix of outputs",
      "capital", "negative flows in Z can bring this about; aggregate them away")
  end
  g.known.rate, g.known.x = 1 / value, x / x:sum()
  return g.known
end

local function mix_of(g)
  local known = balanced(g)
  if not known.mix then
    if not known.x then
      refuse(1660, "without capital every mix can grow at any rate", "capital",
        "give a capital good")
    end
    known.mix = frame{ title = ("balanced growth of '%s', %s a year"):format(g.s.name,
      text.percent(known.rate, 2)), keys = { "node" },
      cols = { "node", { name = "share", format = "percent" } },
      columns = { node = g.s.nodes, share = known.x:column_list(1) } }
  end
  return known.mix
end

function meta.__index(self, name)
  if Growth[name] then return Growth[name] end
  local g = of(self)
  if name == "rate" then return balanced(g).rate end
  if name == "mix" then return mix_of(g) end
  if name == "capital" then return g.B end
  errors.raise(1601, { message = ("growth has no '%s'"):format(tostring(name)), object = "growth",
    field = tostring(name), fix = errors.did_you_mean(tostring(name),
      { "rate", "mix", "capital", "path", "capacity" },
      "it has rate, mix, capital, path, capacity") })
end

function meta.__newindex(_, name)
  errors.raise(1601, { message = ("growth cannot be changed: '%s'"):format(tostring(name)),
    object = "growth", fix = "make another: m:grow{ capital = ... }" })
end

function meta.__tostring(self)
  local g = of(self)
  if balanced(g).x then return tostring(mix_of(g):top(20)) end
  return ("growth of '%s': no capital goods"):format(g.s.name)
end

-- ---- the dynamic Leontief system ----------------------------------------------------------------

local PATH = needs.fields{
  after = { "number", about = "yearly growth behind the last year; that of `growth`, or 0" },
}

--- The growth behind the horizon, which the table must be able to follow for ever.
local function check_after(g, after)
  if after <= -1 or after > 0 and after >= balanced(g).rate then
    local bound = after > 0 and "below the balanced rate, " .. text.percent(balanced(g).rate, 2)
      or "above -100%"
    refuse(1661, ("growth of %s a year for ever is not %s"):format(text.percent(after, 2), bound),
      "after", "choose a slower growth, or a longer horizon with a slower growth after it")
  end
  return after
end

--- Outputs year by year, from the last one back: x_t = (I - A + B)^-1 (y_t + B x_{t+1}).
local function backward(A, B, ys, after)
  local n, xs = A:rows(), {}
  local eye = core.identity(n)
  xs[#ys] = (eye - A - B * after):solve(ys[#ys])
  if #ys == 1 then return xs end
  local lu = (eye - A + B):lu()
  for t = #ys - 1, 1, -1 do xs[t] = lu:solve(ys[t] + B:mul(xs[t + 1])) end
  return xs
end

--- The path of output that meets a known demand each year and has by then built the capital for the
--- next: x_t = A x_t + B (x_{t+1} - x_t) + y_t (Leontief 1970, The dynamic inverse; Miller and
--- Blair 2009, ch. 13). It is solved from the last year back, where it is stable: forward,
--- errors grow. Behind the last year demand and output grow by `after`. Demand is that of the table
--- grown by `growth` (one rate, or one a year), or `demand` (a column a year, or one for all).
--- Capital may be taken back when output falls; the check says where. CM1661 a growth that the
--- table cannot follow.
---@param t { years: integer?, growth: number|number[]|nil, demand: string|table|Matrix|nil,
---  after: number? }
---@return cm.Frame
function Growth:path(t)
  local g = of(self)
  args.check("path", t, PATH)
  local ys = needs.demand(g.s, "path", t)
  local after = check_after(g, t.after or type(t.growth) == "number" and t.growth or 0)
  local bare = { rows = false, cols = false }
  local A, B = g.s.table:part "A":label(bare), g.B:label(bare)
  local xs, columns = backward(A, B, ys, after), { output = {}, demand = {}, investment = {} }
  local taken = 0
  for year, x in ipairs(xs) do
    local next_x = xs[year + 1] or x * (1 + after)
    columns.output[year], columns.demand[year] = x, ys[year]
    columns.investment[year] = B:mul(next_x - x)
    if (next_x - x):min() < -1e-12 * x:max() then taken = taken + 1 end
  end
  return needs.frame(g.s, ("path of '%s'"):format(g.s.name), columns,
    { "output", "demand", "investment" },
    taken > 0 and ("output falls somewhere in %s: its capital is taken to be of use elsewhere")
      :format(text.count(taken, "year")) or nil)
end

-- ---- capacity with lags -------------------------------------------------------------------------

--- Output within a capacity that is ordered ahead of time. Each year every node orders what the
--- growth seen over the last three years, at most `limit`, leads to when the order is built, `lag`
--- years later; what it takes is made in equal parts over those years and comes out of the table;
--- capacity wears by `depreciation`. Output stays within capacity: final demand for what is scarce
--- is cut first, and where that does not suffice, all final use alike. In the manner of Duchin and
--- Szyld (1985), how see docs/methods.md. Figures are one for all nodes or { place = figure }.
--- Columns: output, wanted (what final use would call for), capacity, investment (capital goods
--- that a node delivers), demand, unmet, use (output over capacity). CM1662 a figure out of range.
---
---     g:capacity{ years = 15, growth = 0.05, lag = { ["*.C29"] = 2 }, depreciation = 0.06 }
---@param t { years: integer?, growth: number|number[]|nil, demand: string|table|Matrix|nil,
---  lag: integer|table|nil, depreciation: number|table|nil, limit: number|table|nil,
---  utilisation: number|table|nil, target: string|table|Matrix|nil, constrained: boolean? }
---@return cm.Frame
function Growth:capacity(t)
  local g = of(self)
  return lagged.capacity(g.s, g.B, t)
end

return grow
